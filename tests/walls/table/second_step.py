"""The second step of signing in: one's own and nobody else's, behind a fresh proof of who one is.

Nobody here has set one up, or has proved anything lately; accounts/tests walk through with one.
"""

TABLE = """
  #                                          An Ap Pa Ci Ex AD EL XA CH XH SH GO SU AP
sign_in_again
  GET       -                              in ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      -                              in .  xx .  .  xx .  .  .  .  .  .  .  .
mfa_index
  GET       -                              in ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      -                              in .  xx .  .  xx .  .  .  .  .  .  .  .
mfa_authenticate
  GET,POST  -                              in go go go go go go go go go go go go go
mfa_reauthenticate
  GET,POST  -                              in go go go go go go go go go go go go go
mfa_reauthenticate_webauthn
  GET,POST  -                              in go go go go go go go go go go go go go
mfa_login_webauthn
  GET,POST  -                              in go go go go go go go go go go go go go
mfa_activate_totp
  GET,POST  -                              in go go go go go go go go go go go go go
mfa_deactivate_totp
  GET,POST  -                              in -- -- -- -- -- -- -- -- -- -- -- -- --
mfa_view_recovery_codes
  GET       -                              in -- -- -- -- -- -- -- -- -- -- -- -- --
  POST      -                              in .  xx .  .  xx .  .  .  .  .  .  .  .
mfa_download_recovery_codes
  GET,POST  -                              in -- -- -- -- -- -- -- -- -- -- -- -- --
mfa_generate_recovery_codes
  GET,POST  -                              in go go go go go go go go go go go go go
mfa_list_webauthn
  GET       -                              in ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      -                              in .  xx .  .  xx .  .  .  .  .  .  .  .
mfa_add_webauthn
  GET,POST  -                              in go go go go go go go go go go go go go
mfa_edit_webauthn
  GET,POST  missing                        in go go go go go go go go go go go go go
mfa_remove_webauthn
  GET,POST  missing                        in go go go go go go go go go go go go go
"""
