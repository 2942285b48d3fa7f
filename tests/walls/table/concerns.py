"""Raising a concern is open to all; a case is its handlers' alone, and never those it is kept from."""

TABLE = """
  #                                          An Ap Pa Ci Ex AD EL XA CH XH SH GO SU AP
concern
  GET,POST  -                              ok ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      - with a name                  ok do do do do do do do do do do do do do
  POST      - without a name               do do do do do do do ok do ok do do do do
  PUT       -                              xx .  xx .  .  xx .  .  .  .  .  .  .  .
concern_answers
  GET,POST  -                              ok ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      - with the code                ok ok ok ok ok ok ok ok ok ok ok ok ok ok
  PUT       -                              xx .  xx .  .  xx .  .  .  .  .  .  .  .
concern_add
  GET       -                              go go go go go go go go go go go go go go
  POST      -                              ok ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      - with the code                do do do do do do do do do do do do do do
  PUT       -                              xx .  xx .  .  xx .  .  .  .  .  .  .  .
my_concerns
  GET       -                              in ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      -                              in .  xx .  .  xx .  .  .  .  .  .  .  .
cases
  GET       -                              in -- -- -- -- -- -- -- ok ok ok -- -- --
  POST      -                              in .  xx .  .  xx .  .  .  .  .  .  .  .
cases_summary
  GET       -                              in -- -- -- -- ok -- ok ok ok ok -- -- ok
  POST      -                              in .  xx .  .  xx .  .  .  .  .  .  .  .
cases_summary_csv
  GET       -                              in -- -- -- -- ok -- ok ok ok ok -- -- ok
  POST      -                              in .  xx .  .  xx .  .  .  .  .  .  .  .
concern_received
  GET       case                           in -- ok -- -- -- -- -- -- -- -- -- -- --
  GET       their case, missing            in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      case                           in .  xx .  .  xx .  .  .  .  .  .  .  .
my_concern_add
  POST      case, answered case            ok -- do -- -- -- -- -- -- -- -- -- -- --
  POST      their case, missing            ok -- -- -- -- -- -- -- -- -- -- -- -- --
  GET       case                           xx .  xx .  .  xx .  .  .  .  .  .  .  .
case
  GET       case                           in -- -- -- -- -- -- -- ok -- -- -- -- --
  GET       their case                     in -- -- -- -- -- -- -- -- ok -- -- -- --
  GET       missing                        in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      case                           in .  xx .  .  xx .  .  .  .  .  .  .  .
case_answer
  POST      case                           in -- -- -- -- -- -- -- do -- -- -- -- --
  POST      their case                     in -- -- -- -- -- -- -- -- do -- -- -- --
  POST      missing                        in -- -- -- -- -- -- -- -- -- -- -- -- --
  GET       case                           in .  xx .  .  xx .  .  .  .  .  .  .  .
case_note
  POST      case                           in -- -- -- -- -- -- -- do -- -- -- -- --
  POST      their case                     in -- -- -- -- -- -- -- -- do -- -- -- --
  POST      anonymous case                 in -- -- -- -- -- -- -- do -- do -- -- --
  POST      missing                        in -- -- -- -- -- -- -- -- -- -- -- -- --
  GET       case                           in .  xx .  .  xx .  .  .  .  .  .  .  .
case_publish
  POST      case                           in -- -- -- -- -- -- -- do -- -- -- -- --
  POST      their case                     in -- -- -- -- -- -- -- -- do -- -- -- --
  POST      missing                        in -- -- -- -- -- -- -- -- -- -- -- -- --
  GET       case                           in .  xx .  .  xx .  .  .  .  .  .  .  .
case_assign
  POST      case                           in -- -- -- -- -- -- -- do -- -- -- -- --
  POST      their case                     in -- -- -- -- -- -- -- -- do -- -- -- --
  POST      missing                        in -- -- -- -- -- -- -- -- -- -- -- -- --
  GET       case                           in .  xx .  .  xx .  .  .  .  .  .  .  .
case_move
  POST      case                           in -- -- -- -- -- -- -- do -- -- -- -- --
  POST      their case                     in -- -- -- -- -- -- -- -- do -- -- -- --
  POST      missing                        in -- -- -- -- -- -- -- -- -- -- -- -- --
  GET       case                           in .  xx .  .  xx .  .  .  .  .  .  .  .
case_close
  POST      answered case                  in -- -- -- -- -- -- -- do -- -- -- -- --
  POST      their answered case            in -- -- -- -- -- -- -- -- do -- -- -- --
  POST      case                           in -- -- -- -- -- -- -- ok -- -- -- -- --
  POST      their case                     in -- -- -- -- -- -- -- -- ok -- -- -- --
  POST      missing                        in -- -- -- -- -- -- -- -- -- -- -- -- --
  GET       case                           in .  xx .  .  xx .  .  .  .  .  .  .  .
case_keep_from
  POST      case                           in -- -- -- -- -- -- -- do -- -- -- -- --
  POST      their case                     in -- -- -- -- -- -- -- -- do -- -- -- --
  POST      missing                        in -- -- -- -- -- -- -- -- -- -- -- -- --
  GET       case                           in .  xx .  .  xx .  .  .  .  .  .  .  .
case_pause
  POST      case                           in -- -- -- -- -- -- -- do -- -- -- -- --
  POST      their case                     in -- -- -- -- -- -- -- -- do -- -- -- --
  POST      missing                        in -- -- -- -- -- -- -- -- -- -- -- -- --
  GET       case                           in .  xx .  .  xx .  .  .  .  .  .  .  .
case_resume
  POST      case                           in -- -- -- -- -- -- -- do -- -- -- -- --
  POST      their case                     in -- -- -- -- -- -- -- -- do -- -- -- --
  POST      missing                        in -- -- -- -- -- -- -- -- -- -- -- -- --
  GET       case                           in .  xx .  .  xx .  .  .  .  .  .  .  .
case_find
  POST      case                           in -- -- -- -- -- -- -- ok -- -- -- -- --
  POST      their case                     in -- -- -- -- -- -- -- -- ok -- -- -- --
  POST      missing                        in -- -- -- -- -- -- -- -- -- -- -- -- --
  GET       case                           in .  xx .  .  xx .  .  .  .  .  .  .  .
"""
