"""Routes without a name: the admin's old addresses of a row, which lead to its page, and what is nowhere."""

TABLE = """
  #                                          An Ap Pa Ci Ex AD EL XA CH XH SH GO SU AP
/admin/(?P<url>.*)$
  GET       missing                        in in in in in -- -- -- in in in in -- --
/nothing/
  GET,POST  -                              -- -- -- -- -- -- -- -- -- -- -- -- -- --
/mailbox/
  GET       -                              -- -- -- -- -- -- -- -- -- -- -- -- -- --
/admin/r/1/1/
  GET       -                              in in in in in -- -- -- in in in in -- --
"""
# An old address of a row leads everybody to the new one, whether there is such a row or not; the page there decides.
OLD = """
  GET       {row}                          in .  in .  .  go go go .  .  .  .  .  .
  GET       their {row}, missing           .  .  .  .  .  go go go .  .  .  .  .  .
"""
OLD_ROWS = {
    "programmes/cohort": "cohort",
    "programmes/duty": "duty",
    "programmes/policyversion": "policy",
    "programmes/programme": "programme",
    "programmes/question": "question",
    "programmes/schoolpage": "school_page",
    "programmes/wording": "wording",
    "applications/alumnirecord": "alumni",
    "applications/application": "mentee",
    "training/session": "session",
    "matching/matchrun": "run",
    "partnerships/disclosure": "disclosure",
    "partnerships/flag": "flag",
    "partnerships/partnership": "pair",
    "outbox/message": "message",
    "overview/snapshot": "snapshot",
    "overview/retentionperiod": "period",
    "overview/retentionrun": "purge",
    "overview/datarequest": "request",
}
TABLE += "".join(f"/admin/{place}/<path:object_id>/{OLD.format(row=row)}" for place, row in OLD_ROWS.items())
