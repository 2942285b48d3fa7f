"""What people in a partnership see and do together; nobody else has an address there."""

TABLE = """
  #                                          An Ap Pa Ci Ex AD EL XA CH XH SH GO SU AP
partnership
  GET       pair                           in -- ok -- -- -- -- -- -- -- ok -- -- --
  GET       circle                         in -- -- ok -- -- -- -- -- -- -- -- -- --
  GET       ended                          in -- -- -- ok -- -- -- -- -- -- -- -- --
  GET       office_pair                    in -- -- -- -- -- -- -- -- -- -- -- -- ok
  GET       their pair, missing            in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST,DELETE pair                           xx .  xx .  .  xx .  .  .  .  .  .  .  .
leave
  GET       pair                           in -- ok -- -- -- -- -- -- -- ok -- -- --
  POST      pair                           in -- do -- -- -- .  -- .  .  do .  -- --
  GET       circle                         in -- -- ok -- -- -- -- -- -- -- -- -- --
  POST      circle                         in -- -- ok -- -- .  -- .  .  -- .  -- --
  GET       ended, their pair, missing     in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      ended, their pair, missing     in -- -- -- -- -- .  -- .  .  -- .  -- --
  PUT       pair                           in .  xx .  .  xx .  .  .  .  .  .  .  .
take_back_leaving
  POST      circle                         in -- -- do -- -- -- -- -- -- -- -- -- --
  POST      their pair, missing            in -- -- -- -- -- -- -- -- -- -- -- -- --
  GET       circle                         in .  xx .  .  xx .  .  .  .  .  .  .  .
agreement
  GET       pair                           in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      pair                           in -- -- -- -- -- .  -- .  .  -- .  -- --
  GET       circle                         in -- -- ok -- -- -- -- -- -- -- -- -- --
  POST      circle                         in -- -- go -- -- .  -- .  .  -- .  -- --
  GET       their pair, missing            in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      their pair, missing            in -- -- -- -- -- .  -- .  .  -- .  -- --
  PUT       circle                         in .  xx .  .  xx .  .  .  .  .  .  .  .
certificate_of_thanks
  GET       pair                           in -- -- -- -- -- -- -- -- -- -- -- -- --
  GET       ended                          in -- -- -- ok -- -- -- -- -- -- -- -- --
  GET       their ended, missing           in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      ended                          in .  xx .  .  xx .  .  .  .  .  .  .  .
log_meeting
  GET       pair                           in -- ok -- -- -- -- -- -- -- ok -- -- --
  POST      pair                           in -- do -- -- -- .  -- .  .  do .  -- --
  GET       circle                         in -- -- ok -- -- -- -- -- -- -- -- -- --
  POST      circle                         in -- -- do -- -- .  -- .  .  -- .  -- --
  GET       ended                          in -- -- -- go -- -- -- -- -- -- -- -- --
  POST      ended                          in -- -- -- go -- .  -- .  .  -- .  -- --
  GET       their pair, missing            in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      their pair, missing            in -- -- -- -- -- .  -- .  .  -- .  -- --
  POST      circle with theirs             in -- -- ok -- -- -- -- -- -- -- -- -- --
  PUT       pair                           in .  xx .  .  xx .  .  .  .  .  .  .  .
plan_meeting
  GET       pair                           in -- ok -- -- -- -- -- -- -- ok -- -- --
  POST      pair                           in -- do -- -- -- .  -- .  .  do .  -- --
  GET       circle                         in -- -- ok -- -- -- -- -- -- -- -- -- --
  POST      circle                         in -- -- do -- -- .  -- .  .  -- .  -- --
  GET       ended                          in -- -- -- go -- -- -- -- -- -- -- -- --
  POST      ended                          in -- -- -- go -- .  -- .  .  -- .  -- --
  GET       their pair, missing            in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      their pair, missing            in -- -- -- -- -- .  -- .  .  -- .  -- --
  PUT       pair                           in .  xx .  .  xx .  .  .  .  .  .  .  .
change_frequency
  GET       pair                           in -- ok -- -- -- -- -- -- -- ok -- -- --
  POST      pair                           in -- do -- -- -- .  -- .  .  do .  -- --
  GET       their pair, missing            in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      their pair, missing            in -- -- -- -- -- .  -- .  .  -- .  -- --
  PUT       pair                           in .  xx .  .  xx .  .  .  .  .  .  .  .
change_plan
  GET       planned                        in -- ok -- -- -- -- -- -- -- ok -- -- --
  POST      planned                        in -- do -- -- -- .  -- .  .  do .  -- --
  GET       circle_planned                 in -- -- ok -- -- -- -- -- -- -- -- -- --
  POST      circle_planned                 in -- -- do -- -- .  -- .  .  -- .  -- --
  GET       their planned, missing         in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      their planned, missing         in -- -- -- -- -- .  -- .  .  -- .  -- --
  PUT       planned                        in .  xx .  .  xx .  .  .  .  .  .  .  .
cancel_plan
  GET       planned                        in -- ok -- -- -- -- -- -- -- ok -- -- --
  POST      planned                        in -- do -- -- -- .  -- .  .  do .  -- --
  GET       circle_planned                 in -- -- ok -- -- -- -- -- -- -- -- -- --
  POST      circle_planned                 in -- -- do -- -- .  -- .  .  -- .  -- --
  GET       their planned, missing         in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      their planned, missing         in -- -- -- -- -- .  -- .  .  -- .  -- --
  DELETE    planned                        in .  xx .  .  xx .  .  .  .  .  .  .  .
miss_meeting
  GET       past_plan                      in -- ok -- -- -- -- -- -- -- ok -- -- --
  POST      past_plan                      in -- do -- -- -- .  -- .  .  do .  -- --
  GET       their past_plan, missing       in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      their past_plan, missing       in -- -- -- -- -- .  -- .  .  -- .  -- --
  PUT       past_plan                      in .  xx .  .  xx .  .  .  .  .  .  .  .
meeting_calendar
  GET       planned                        in -- ok -- -- -- -- -- -- -- ok -- -- --
  GET       held                           in -- -- -- -- -- -- -- -- -- -- -- -- --
  GET       circle_planned                 in -- -- ok -- -- -- -- -- -- -- -- -- --
  GET       their planned, missing         in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      planned                        in .  xx .  .  xx .  .  .  .  .  .  .  .
confirm_meeting
  POST      planned                        in -- go -- -- -- -- -- -- -- go -- -- --
  POST      held                           in -- do -- -- -- -- -- -- -- do -- -- --
  POST      circle_held                    in -- -- do -- -- -- -- -- -- -- -- -- --
  POST      their held, missing            in -- -- -- -- -- -- -- -- -- -- -- -- --
  GET       held                           in .  xx .  .  xx .  .  .  .  .  .  .  .
correct_meeting
  GET       held                           in -- ok -- -- -- -- -- -- -- ok -- -- --
  POST      held                           in -- do -- -- -- .  -- .  .  do .  -- --
  GET       circle_held                    in -- -- ok -- -- -- -- -- -- -- -- -- --
  POST      circle_held                    in -- -- do -- -- .  -- .  .  -- .  -- --
  GET       their held, missing            in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      their held, missing            in -- -- -- -- -- .  -- .  .  -- .  -- --
  POST      circle_held with theirs        in -- -- ok -- -- -- -- -- -- -- -- -- --
  PUT       held                           in .  xx .  .  xx .  .  .  .  .  .  .  .
strike_meeting
  GET       held                           in -- ok -- -- -- -- -- -- -- ok -- -- --
  POST      held                           in -- do -- -- -- .  -- .  .  do .  -- --
  GET       circle_held                    in -- -- ok -- -- -- -- -- -- -- -- -- --
  POST      circle_held                    in -- -- do -- -- .  -- .  .  -- .  -- --
  GET       their held, missing            in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      their held, missing            in -- -- -- -- -- .  -- .  .  -- .  -- --
  DELETE    held                           in .  xx .  .  xx .  .  .  .  .  .  .  .
"""
