"""The mailbox of the rehearsal shows every message to everybody; production doesn't have these routes at all."""

TABLE = """
  #                                          An Ap Pa Ci Ex AD EL XA CH XH SH GO SU AP
mailbox
  GET       -                              ok ok ok ok ok ok ok ok ok ok ok ok ok ok
  POST      -                              xx xx xx xx xx xx xx xx xx xx xx xx xx xx
mailbox_message
  GET       letter                         ok ok ok ok ok ok ok ok ok ok ok ok ok ok
  GET       missing                        -- -- -- -- -- -- -- -- -- -- -- -- -- --
mailbox_letter
  GET       letter                         ok ok ok ok ok ok ok ok ok ok ok ok ok ok
  GET       missing                        -- -- -- -- -- -- -- -- -- -- -- -- -- --
"""
