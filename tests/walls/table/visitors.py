"""Pages for everybody, one's own account, and signed links: who has a link is who it was sent to, signed in or not."""

TABLE = """
  #                                          An Ap Pa Ci Ex AD EL XA CH XH SH GO SU AP
home
  GET       -                              ok ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      -                              xx .  xx .  .  xx .  .  .  .  .  .  .  .
seen
  GET       -                              in ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      -                              xx .  xx .  .  xx .  .  .  .  .  .  .  .
account_settings
  GET       -                              in ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      -                              in .  do .  .  do .  .  .  .  .  .  .  .
  PUT       -                              in .  xx .  .  xx .  .  .  .  .  .  .  .
welcome
  GET       link                           ok ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      link                           do ok ok ok ok ok ok ok ok ok ok ok ok ok
  GET       their link                     ok ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      their link                     do ok ok ok ok ok ok ok ok ok ok ok ok ok
  GET,POST  missing                        -- -- -- -- -- -- -- -- -- -- -- -- -- --
  PUT       link                           xx .  xx .  .  xx .  .  .  .  .  .  .  .
programme
  GET       programme                      ok ok ok ok ok ok ok ok ok ok ok ok ok ok
  GET       their programme                -- -- -- -- -- -- -- ok -- -- -- -- ok --
  GET       missing                        -- -- -- -- -- -- -- -- -- -- -- -- -- --
  POST,OPTIONS programme                      xx .  xx .  .  xx .  .  .  .  .  .  .  .
toolkit
  GET       programme                      ok ok ok ok ok ok ok ok ok ok ok ok ok ok
  GET       their programme                -- -- -- -- -- -- -- ok -- -- -- -- ok --
  GET       missing                        -- -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      their programme                xx .  xx .  .  xx .  .  .  .  .  .  .  .
ask_question
  GET       programme                      ok ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      programme                      do .  do .  .  do .  .  .  .  .  .  .  .
  GET       their programme                -- -- -- -- -- -- -- ok -- -- -- -- ok --
  POST      their programme                -- -- -- -- -- -- -- do -- -- -- -- do --
  GET,POST  missing                        -- -- -- -- -- -- -- -- -- -- -- -- -- --
  PUT       their programme                xx .  xx .  .  xx .  .  .  .  .  .  .  .
policy_version
  GET       policy                         ok ok ok ok ok ok ok ok ok ok ok ok ok ok
  GET       draft_policy                   -- -- -- -- -- -- -- -- -- -- -- -- -- --
  GET       their policy                   -- -- -- -- -- -- -- ok -- -- -- -- ok --
  GET       their draft_policy, missing    -- -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      draft_policy                   xx .  xx .  .  xx .  .  .  .  .  .  .  .
compare_versions
  GET       policy                         ok ok ok ok ok ok ok ok ok ok ok ok ok ok
  GET       draft_policy                   -- -- -- -- -- -- -- -- -- -- -- -- -- --
  GET       their policy                   -- -- -- -- -- -- -- ok -- -- -- -- ok --
  GET       their draft_policy, missing    -- -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      policy                         xx .  xx .  .  xx .  .  .  .  .  .  .  .
privacy
  GET       -                              ok ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      -                              xx .  xx .  .  xx .  .  .  .  .  .  .  .
apply
  GET,POST  programme                      in go go go ok ok ok ok ok ok ok ok ok ok
  GET,POST  their programme, missing       in -- -- -- -- -- -- -- -- -- -- -- -- --
  PUT       programme                      in .  xx .  .  xx .  .  .  .  .  .  .  .
outside
  GET       programme                      ok ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      programme                      do .  do .  .  do .  .  .  .  .  .  .  .
  GET,POST  their programme, missing       -- -- -- -- -- -- -- -- -- -- -- -- -- --
  PUT       programme                      xx .  xx .  .  xx .  .  .  .  .  .  .  .
interest
  GET       link                           ok .  ok .  .  ok .  ok .  .  .  .  .  .
  POST      link                           do .  do .  .  do .  do .  .  .  .  .  .
  GET,POST  their link, missing            -- .  -- .  .  -- .  -- .  .  .  .  .  .
  PUT       link                           xx .  xx .  .  xx .  .  .  .  .  .  .  .
continue_interest
  GET       ended                          ok .  ok .  .  .  .  ok .  .  .  .  .  .
  POST      ended                          do .  do .  .  .  .  do .  .  .  .  .  .
  GET       their ended                    ok .  ok .  .  .  .  ok .  .  .  .  .  .
  POST      their ended                    do .  do .  .  .  .  do .  .  .  .  .  .
  GET,POST  missing                        -- .  -- .  .  .  .  -- .  .  .  .  .  .
  PUT       ended                          xx .  xx .  .  .  .  .  .  .  .  .  .  .
call_back_erasure
  GET       erasure                        ok .  ok .  .  .  .  ok .  .  .  .  .  .
  POST      erasure                        do .  do .  .  .  .  do .  .  .  .  .  .
  GET       their erasure                  ok .  ok .  .  .  .  ok .  .  .  .  .  .
  POST      their erasure                  do .  do .  .  .  .  do .  .  .  .  .  .
  GET,POST  missing                        -- .  -- .  .  .  .  -- .  .  .  .  .  .
  PUT       erasure                        xx .  xx .  .  .  .  xx .  .  .  .  .  .
answer_arranging
  GET       pair                           ok ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      pair                           do do do do do do do do do do do do do do
  GET       circle                         ok .  ok .  .  .  .  ok .  .  .  .  .  .
  POST      circle                         do .  do .  .  .  .  do .  .  .  .  .  .
  GET,POST  ended                          41 .  41 .  .  .  .  41 .  .  .  .  .  .
  GET       their pair                     ok .  ok .  .  .  .  ok .  .  .  .  .  .
  POST      their pair                     do .  do .  .  .  .  do .  .  .  .  .  .
  GET,POST  missing                        -- .  -- .  .  .  .  -- .  .  .  .  .  .
  PUT       pair                           xx .  xx .  .  xx .  .  .  .  .  .  .  .
answer_help
  GET       pair                           ok .  ok .  .  .  .  ok .  .  .  .  .  .
  POST      pair                           do .  do .  .  .  .  do .  .  .  .  .  .
  GET       circle                         ok .  ok .  .  .  .  ok .  .  .  .  .  .
  POST      circle                         do .  do .  .  .  .  do .  .  .  .  .  .
  GET,POST  ended                          41 .  41 .  .  .  .  41 .  .  .  .  .  .
  GET       their pair                     ok .  ok .  .  .  .  ok .  .  .  .  .  .
  POST      their pair                     do .  do .  .  .  .  do .  .  .  .  .  .
  GET,POST  missing                        -- .  -- .  .  .  .  -- .  .  .  .  .  .
  PUT       pair                           xx .  xx .  .  .  .  .  .  .  .  .  .  .
answer_met
  GET       pair                           ok .  ok .  .  .  .  ok .  .  .  .  .  .
  POST      pair                           do .  do .  .  .  .  do .  .  .  .  .  .
  GET,POST  circle                         go .  go .  .  .  .  go .  .  .  .  .  .
  GET,POST  ended                          41 .  41 .  .  .  .  41 .  .  .  .  .  .
  GET       their pair                     ok .  ok .  .  .  .  ok .  .  .  .  .  .
  POST      their pair                     do .  do .  .  .  .  do .  .  .  .  .  .
  GET,POST  missing                        -- .  -- .  .  .  .  -- .  .  .  .  .  .
  PUT       pair                           xx .  xx .  .  .  .  .  .  .  .  .  .  .
answer_away
  GET       pair                           ok .  ok .  .  .  .  ok .  .  .  .  .  .
  POST      pair                           do .  do .  .  .  .  do .  .  .  .  .  .
  GET       circle                         ok .  ok .  .  .  .  ok .  .  .  .  .  .
  POST      circle                         do .  do .  .  .  .  do .  .  .  .  .  .
  GET,POST  ended                          41 .  41 .  .  .  .  41 .  .  .  .  .  .
  GET       their pair                     ok .  ok .  .  .  .  ok .  .  .  .  .  .
  POST      their pair                     do .  do .  .  .  .  do .  .  .  .  .  .
  GET,POST  missing                        -- .  -- .  .  .  .  -- .  .  .  .  .  .
  PUT       pair                           xx .  xx .  .  .  .  .  .  .  .  .  .  .
"""
