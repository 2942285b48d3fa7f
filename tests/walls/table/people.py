"""One's own application, absences, offer and training."""

TABLE = """
  #                                          An Ap Pa Ci Ex AD EL XA CH XH SH GO SU AP
ask_about_my_data
  GET       -                              in ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      -                              in do do .  .  do .  do .  .  .  .  do .
  PUT       -                              in .  xx .  .  xx .  .  .  .  .  .  .  .
application
  GET       draft                          in go -- -- -- -- -- -- -- -- -- -- -- --
  GET       accepted                       in ok -- -- -- -- -- -- -- -- -- -- -- --
  GET       mentee                         in -- ok -- -- -- -- -- -- -- -- -- -- --
  GET       mentor                         in -- -- -- -- -- -- -- -- -- ok -- -- --
  GET       member                         in -- -- ok -- -- -- -- -- -- -- -- -- --
  GET       their mentee, missing          in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST,PUT,DELETE mentee                         in .  xx .  .  xx .  .  .  .  .  .  .  .
edit_application
  GET       draft                          in ok -- -- -- -- -- -- -- -- -- -- -- --
  POST      draft                          in do -- -- -- -- .  -- .  .  -- .  -- --
  GET       accepted                       in ok -- -- -- -- -- -- -- -- -- -- -- --
  POST      accepted                       in do -- -- -- -- .  -- .  .  -- .  -- --
  GET       mentee                         in -- ok -- -- -- -- -- -- -- -- -- -- --
  POST      mentee                         in -- do -- -- -- .  -- .  .  -- .  -- --
  GET       mentor                         in -- -- -- -- -- -- -- -- -- ok -- -- --
  POST      mentor                         in -- -- -- -- -- .  -- .  .  do .  -- --
  GET       their mentee, missing          in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      their mentee, missing          in -- -- -- -- -- .  -- .  .  -- .  -- --
  PUT       mentee                         in .  xx .  .  xx .  .  .  .  .  .  .  .
check_application
  GET       draft                          in ok -- -- -- -- -- -- -- -- -- -- -- --
  POST      draft                          in ok -- -- -- -- .  -- .  .  -- .  -- --
  GET       mentee                         in -- go -- -- -- -- -- -- -- -- -- -- --
  POST      mentee                         in -- go -- -- -- .  -- .  .  -- .  -- --
  GET       their mentee, missing          in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      their mentee, missing          in -- -- -- -- -- .  -- .  .  -- .  -- --
  DELETE    mentee                         in .  xx .  .  xx .  .  .  .  .  .  .  .
accept_policy
  POST      accepted                       in do -- -- -- -- -- -- -- -- -- -- -- --
  POST      mentee                         in -- do -- -- -- -- -- -- -- -- -- -- --
  POST      their mentee, missing          in -- -- -- -- -- -- -- -- -- -- -- -- --
  GET       mentee                         in .  xx .  .  xx .  .  .  .  .  .  .  .
hold_application
  GET       accepted                       in ok -- -- -- -- -- -- -- -- -- -- -- --
  POST      accepted                       in do -- -- -- -- .  -- .  .  -- .  -- --
  GET       mentee, their accepted, missing in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      mentee, their accepted, missing in -- -- -- -- -- .  -- .  .  -- .  -- --
  PUT       accepted                       in .  xx .  .  xx .  .  .  .  .  .  .  .
withdraw_application
  GET       accepted                       in ok -- -- -- -- -- -- -- -- -- -- -- --
  POST      accepted                       in do -- -- -- -- .  -- .  .  -- .  -- --
  GET       mentee                         in -- ok -- -- -- -- -- -- -- -- -- -- --
  POST      mentee                         in -- ok -- -- -- .  -- .  .  -- .  -- --
  GET       their mentee, missing          in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      their mentee, missing          in -- -- -- -- -- .  -- .  .  -- .  -- --
  DELETE    mentee                         in .  xx .  .  xx .  .  .  .  .  .  .  .
announce_absence
  GET       accepted                       in ok -- -- -- -- -- -- -- -- -- -- -- --
  POST      accepted                       in do -- -- -- -- .  -- .  .  -- .  -- --
  GET       mentee                         in -- ok -- -- -- -- -- -- -- -- -- -- --
  POST      mentee                         in -- do -- -- -- .  -- .  .  -- .  -- --
  GET       their mentee, missing          in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      their mentee, missing          in -- -- -- -- -- .  -- .  .  -- .  -- --
  PUT       mentee                         in .  xx .  .  xx .  .  .  .  .  .  .  .
change_absence
  GET       absence                        in -- ok -- -- -- -- -- -- -- -- -- -- --
  POST      absence                        in -- do -- -- -- .  -- .  .  -- .  -- --
  GET       their absence, missing         in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      their absence, missing         in -- -- -- -- -- .  -- .  .  -- .  -- --
  DELETE    absence                        in .  xx .  .  xx .  .  .  .  .  .  .  .
return_early
  POST      absence                        in -- do -- -- -- -- -- -- -- -- -- -- --
  POST      their absence, missing         in -- -- -- -- -- -- -- -- -- -- -- -- --
  GET       absence                        in .  xx .  .  xx .  .  .  .  .  .  .  .
offer
  GET       offer                          in ok -- -- -- -- -- -- -- -- -- -- -- --
  POST      offer                          in do -- -- -- -- .  -- .  .  -- .  -- --
  GET       their offer, missing           in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      their offer, missing           in -- -- -- -- -- .  -- .  .  -- .  -- --
  PUT       offer                          in .  xx .  .  xx .  .  .  .  .  .  .  .
trainings
  GET       -                              in ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      -                              in .  xx .  .  xx .  .  .  .  .  .  .  .
training_session
  GET       session                        in ok ok ok -- -- -- -- -- -- ok -- -- ok
  GET       mentors_session                in -- -- -- -- -- -- -- -- -- ok -- -- ok
  GET       their session, missing         in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      session                        in .  xx .  .  xx .  .  .  .  .  .  .  .
book_training
  POST      session                        in do go do -- -- -- -- -- -- do -- -- do
  POST      mentors_session                in -- -- -- -- -- -- -- -- -- do -- -- do
  POST      their session, missing         in -- -- -- -- -- -- -- -- -- -- -- -- --
  GET       session                        in .  xx .  .  xx .  .  .  .  .  .  .  .
cancel_training
  POST      session                        in go do go -- -- -- -- -- -- go -- -- go
  POST      their session, missing         in -- -- -- -- -- -- -- -- -- -- -- -- --
  GET       session                        in .  xx .  .  xx .  .  .  .  .  .  .  .
training_calendar
  GET       session                        in -- ok -- -- -- -- -- -- -- -- -- -- --
  GET       their session, missing         in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      session                        in .  xx .  .  xx .  .  .  .  .  .  .  .
training_certificate
  GET       past_session                   in -- ok -- -- -- -- -- -- -- -- -- -- --
  GET       their past_session, missing    in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      past_session                   in .  xx .  .  xx .  .  .  .  .  .  .  .
withdraw_declaration
  GET       accepted                       in ok -- -- -- -- -- -- -- -- -- -- -- --
  POST      accepted                       in do -- -- -- -- .  -- .  .  -- .  -- --
  GET       mentee                         in -- ok -- -- -- -- -- -- -- -- -- -- --
  POST      mentee                         in -- do -- -- -- .  -- .  .  -- .  -- --
  GET       their mentee, missing          in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      their mentee, missing          in -- -- -- -- -- .  -- .  .  -- .  -- --
  PUT       mentee                         in .  xx .  .  xx .  .  .  .  .  .  .  .
equality
  GET       draft, accepted                in ok -- -- -- -- -- -- -- -- -- -- -- --
  POST      draft                          in ok -- -- -- -- .  -- .  .  -- .  -- --
  POST      accepted                       in do -- -- -- -- .  -- .  .  -- .  -- --
  GET       mentee                         in -- ok -- -- -- -- -- -- -- -- -- -- --
  POST      mentee                         in -- do -- -- -- .  -- .  .  -- .  -- --
  GET       their mentee, missing          in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      their mentee, missing          in -- -- -- -- -- .  -- .  .  -- .  -- --
  PUT       accepted                       in .  xx .  .  xx .  .  .  .  .  .  .  .
delete_equality
  POST      accepted                       in do -- -- -- -- -- -- -- -- -- -- -- --
  POST      mentee                         in -- do -- -- -- -- -- -- -- -- -- -- --
  POST      their mentee, missing          in -- -- -- -- -- -- -- -- -- -- -- -- --
  GET       accepted                       in .  xx .  .  xx .  .  .  .  .  .  .  .
my_data
  GET       -                              in ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      -                              xx .  xx .  .  xx .  .  .  .  .  .  .  .
download_my_data
  GET       -                              in ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      -                              xx .  xx .  .  xx .  .  .  .  .  .  .  .
delete_account
  GET       -                              in ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      -                              in do do do do do do do do do do do ok do
  PUT       -                              xx .  xx .  .  xx .  .  .  .  .  .  .  .
keep_account
  POST      -                              in do do do do do do do do do do do do do
  GET       -                              xx .  xx .  .  xx .  .  .  .  .  .  .  .
"""
