"""Signing in and out, and the admin's front door."""

TABLE = """
  #                                          An Ap Pa Ci Ex AD EL XA CH XH SH GO SU AP
account_login
  GET,POST  -                              ok go go go go go go go go go go go go go
account_logout
  GET       -                              go ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      -                              go go go go go go go go go go go go go go
account_inactive
  GET       -                              ok ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      -                              xx .  xx .  .  xx .  .  .  .  .  .  .  .
account_signup
  GET,POST  -                              ok go go go go go go go go go go go go go
account_reauthenticate
  GET,POST  -                              in ok ok ok ok ok ok ok ok ok ok ok ok ok
account_email
  GET       -                              in ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      -                              in go go go go go go go go go go go go go
account_email_verification_sent
  GET,POST  -                              in go go go go go go go go go go go go go
account_change_password
  GET,POST  -                              in ok ok ok ok ok ok ok ok ok ok ok ok ok
account_set_password
  GET,POST  -                              in go go go go go go go go go go go go go
account_reset_password
  GET,POST  -                              ok ok ok ok ok ok ok ok ok ok ok ok ok ok
account_confirm_login_code
  GET,POST  -                              in go go go go go go go go go go go go go
account_reset_password_from_key_done
  GET       -                              ok ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      -                              xx .  xx .  .  xx .  .  .  .  .  .  .  .
account_reset_password_done
  GET       -                              ok ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      -                              xx .  xx .  .  xx .  .  .  .  .  .  .  .
account_request_login_code
  GET,POST  -                              ok go go go go go go go go go go go go go
account_reset_password_from_key
  GET,POST  invented                       ok ok ok ok ok ok ok ok ok ok ok ok ok ok
admin:index
  GET,POST  -                              in in in in in ok ok ok in in in in ok ok
admin:login
  GET,POST  -                              in no no no no no no no no no no no no no
admin:logout
  GET       -                              go go go go go xx xx xx go go go go xx xx
  POST      -                              go go go go go ok ok ok go go go go ok ok
admin:password_change
  GET,POST  -                              in in in in in go go go in in in in go go
admin:password_change_done
  GET       -                              in in in in in ok ok ok in in in in ok ok
  POST      -                              .  .  .  .  .  xx .  .  .  .  .  .  .  .
admin:autocomplete
  GET       -                              in in in in in no no no in in in in no no
  POST      -                              .  .  .  .  .  xx .  .  .  .  .  .  .  .
admin:jsi18n
  GET       -                              in in in in in ok ok ok in in in in ok ok
  POST      -                              .  .  .  .  .  xx .  .  .  .  .  .  .  .
admin:app_list
  GET       applications                   in in in in in ok ok ok in in in in -- ok
  GET       matching                       .  .  .  .  .  ok -- ok .  .  .  .  -- ok
  GET       outbox                         .  .  .  .  .  ok -- ok .  .  .  .  ok ok
  GET       overview                       .  .  .  .  .  ok -- ok .  .  .  .  ok ok
"""
