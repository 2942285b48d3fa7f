"""Which role meets which column of ours: own, of a partner, in one's circle, of one's mentee, of somebody else.

R: met somewhere in the crawl, on a page or in a file. All others meet it nowhere; a column that isn't here is met by
nobody.
"""

MAY_MEET = """
  #                                      An Ap Pa Ci Ex AD EL XA CH XH SH GO SU AP
  aim.text                               R  R  R  R  R  R  R  R  R  R  R  R  R  R
  alumnirecord.course                    -  -  -  -  -  R  -  -  -  -  -  -  -  R
  alumnirecord.name                      -  -  -  -  -  R  -  -  -  -  -  -  -  R
  application.bio mentee                 -  -  -  -  -  -  -  -  -  -  -  -  -  R
  application.bio other                  -  -  -  -  -  R  R  -  -  -  -  -  -  R
  application.bio own                    -  R  R  R  R  -  -  -  -  -  R  -  -  R
  application.bio partner                -  -  R  -  -  -  -  -  -  -  R  -  -  -
  application.country other              -  -  -  -  -  R  R  -  -  -  -  -  -  -
  application.country own                -  R  R  R  R  -  -  -  -  -  R  -  -  R
  application.courses other              -  -  -  -  -  R  R  -  -  -  -  -  -  -
  application.courses own                -  R  R  R  R  -  -  -  -  -  R  -  -  R
  application.courses partner            -  -  R  -  -  -  -  -  -  -  -  -  -  -
  application.division circle            -  -  -  R  -  -  -  -  -  -  -  -  -  -
  application.division mentee            -  -  -  -  -  -  -  -  -  -  -  -  -  R
  application.division other             -  -  -  -  -  R  R  -  -  -  -  -  -  R
  application.division own               -  R  R  R  R  -  -  -  -  -  R  -  -  R
  application.job_role other             -  -  -  -  -  R  R  -  -  -  -  -  -  R
  application.job_role own               -  R  R  R  R  -  -  -  -  -  R  -  -  R
  application.job_role partner           -  -  R  -  -  -  -  -  -  -  -  -  -  -
  application.job_title other            -  -  -  -  -  R  R  -  -  -  -  -  -  R
  application.job_title own              -  R  R  R  R  -  -  -  -  -  R  -  -  R
  application.line_manager_email other   -  -  -  -  -  R  R  -  -  -  -  -  -  -
  application.line_manager_email own     -  R  R  R  R  -  -  -  -  -  R  -  -  R
  application.linkedin other             -  -  -  -  -  R  R  -  -  -  -  -  -  -
  application.linkedin own               -  R  R  R  R  -  -  -  -  -  R  -  -  R
  application.linkedin partner           -  -  R  -  -  -  -  -  -  -  -  -  -  -
  application.office_email own           -  R  R  R  R  -  -  -  -  -  R  -  -  R
  application.reason other               -  -  -  -  -  R  R  -  -  -  -  -  -  -
  application.reason own                 -  R  R  R  R  -  -  -  -  -  R  -  -  R
  application.staff_group mentee         -  -  -  -  -  -  -  -  -  -  -  -  -  R
  application.staff_group other          -  -  -  -  -  R  R  -  -  -  -  -  -  R
  application.staff_group own            -  R  R  R  R  -  -  -  -  -  R  -  -  R
  application.study_programme mentee     -  -  -  -  -  -  -  -  -  -  -  -  -  R
  application.study_programme other      -  -  -  -  -  R  R  -  -  -  -  -  -  -
  application.study_programme own        -  R  R  R  R  -  -  -  -  -  R  -  -  R
  application.study_programme partner    -  -  -  -  -  -  -  -  -  -  R  -  -  -
  application.work_place other           -  -  -  -  -  R  R  -  -  -  -  -  -  -
  application.work_place own             -  R  R  R  R  -  -  -  -  -  R  -  -  R
  ask.column                             -  -  -  -  -  R  -  -  -  -  -  -  R  -
  ask.help_text                          -  R  R  -  R  R  R  R  R  R  R  R  R  R
  ask.label                              -  R  R  R  R  R  R  R  R  R  R  R  R  R
  ask.section                            -  R  R  -  R  R  R  R  R  R  R  R  R  R
  case.text                              -  -  R  -  -  -  -  -  R  -  -  -  -  -
  cohort.name                            R  R  R  R  R  R  R  R  R  R  R  R  R  R
  commitment.text                        R  R  R  R  R  R  R  R  R  R  R  R  R  R
  datarequest.address                    -  -  -  -  -  -  -  -  -  -  -  -  R  -
  datarequest.extension_reason           -  -  R  -  -  -  -  -  -  -  -  -  R  -
  datarequest.name                       -  -  -  -  -  -  -  -  -  -  -  -  R  -
  datarequest.text                       -  -  R  -  -  -  -  -  -  -  -  -  R  -
  decision.reason                        -  -  -  -  -  R  -  -  -  -  -  -  -  R
  declaration.wording                    -  R  R  R  R  -  R  -  -  -  R  -  -  R
  disclosedfact.label                    R  R  R  R  R  R  R  R  R  R  R  R  R  R
  exclusion.reason                       -  -  -  -  -  R  -  -  -  -  -  -  -  R
  flag.line                              -  -  -  R  -  R  -  -  -  -  -  -  -  -
  keydate.title                          R  R  R  R  R  R  R  R  R  R  R  R  R  R
  meeting.place                          -  -  R  R  -  -  -  -  -  -  R  -  -  -
  message.error                          -  -  -  -  -  R  -  -  -  -  -  -  R  R
  message.subject                        -  -  R  -  -  -  -  -  -  -  -  -  -  -
  option.name                            R  R  R  R  R  R  R  R  R  R  R  R  R  R
  partnership.name                       -  -  -  R  -  R  -  -  -  -  -  -  -  R
  pathway.agreement                      -  -  -  R  -  R  -  -  -  -  -  -  R  -
  pathway.description                    R  R  R  R  R  R  R  R  R  R  R  R  R  R
  pathway.label                          R  R  R  R  R  R  R  R  R  R  R  R  R  R
  policyacceptance.note                  -  R  R  R  R  R  R  -  -  -  R  -  -  R
  policyversion.label                    R  R  R  R  R  R  R  R  R  R  R  R  R  R
  policyversion.label unpublished        -  -  -  -  -  R  -  -  -  -  -  -  R  R
  policyversion.text                     R  R  R  R  R  R  R  R  R  R  R  R  R  R
  policyversion.text unpublished         -  -  -  -  -  R  -  -  -  -  -  -  R  R
  programme.audience                     R  R  R  R  R  R  R  R  R  R  R  R  R  R
  programme.conduct_policy               R  R  R  R  R  R  R  -  R  -  R  R  R  R
  programme.contact_address              R  R  R  R  R  R  R  R  R  R  R  R  R  R
  programme.declaration_wording          -  R  -  -  -  R  -  -  -  -  -  -  R  -
  programme.introduction                 R  R  R  R  R  R  R  R  R  R  R  R  R  R
  programme.name                         R  R  R  R  R  R  R  R  R  R  R  R  R  R
  programme.privacy_url                  R  R  R  R  R  R  R  R  R  R  R  R  R  R
  programme.safeguarding_url             R  R  R  R  R  R  R  R  R  R  R  R  R  R
  programme.summary                      R  R  R  R  R  R  R  R  R  R  R  R  R  R
  programme.team_name                    R  R  R  R  R  R  R  R  R  R  R  R  R  R
  question.answer                        R  R  R  R  R  R  R  R  R  R  R  R  R  R
  question.asker_email unpublished       -  -  -  -  -  R  -  -  -  -  -  -  R  -
  question.text                          R  R  R  R  R  R  R  R  R  R  R  R  R  R
  question.text unpublished              -  -  -  -  -  R  -  -  -  -  -  -  R  R
  resource.text                          R  R  R  R  R  R  R  R  R  R  R  R  R  R
  resource.title                         R  R  R  R  R  R  R  R  R  R  R  R  R  R
  resource.url                           R  R  R  R  R  R  R  R  R  R  R  R  R  R
  schoolpage.failure                     -  -  -  -  -  R  -  -  -  -  -  -  R  R
  schoolpage.url                         -  -  -  -  -  R  -  -  -  -  -  -  R  R
  session.place                          -  R  R  R  -  R  -  -  -  -  R  -  -  R
  session.title                          -  R  R  R  -  R  -  -  -  -  R  -  -  R
  sheetcolumn.column                     -  -  -  -  -  R  -  -  -  -  -  -  R  -
  suggestedmember.reasons                -  -  -  -  -  R  -  -  -  -  -  -  -  R
  suggestion.held_back                   -  -  -  -  -  R  -  -  -  -  -  -  -  R
  user.email mentee                      -  -  -  -  -  -  -  -  -  -  -  -  -  R
  user.email other                       -  -  -  -  -  R  R  -  R  -  -  -  R  R
  user.email own                         -  R  R  R  R  R  R  -  R  -  R  R  -  R
  user.email partner                     -  -  R  -  -  -  -  -  -  -  R  -  -  -
  user.name circle                       -  -  -  R  -  -  -  -  -  -  -  -  -  -
  user.name mentee                       -  -  -  -  -  -  -  -  -  -  -  -  -  R
  user.name other                        -  -  -  -  -  R  R  -  R  -  -  -  R  R
  user.name own                          -  R  R  R  R  R  R  -  R  -  R  R  -  R
  user.name partner                      -  -  R  -  -  -  -  -  -  -  R  -  -  -
  wording.text                           -  -  -  -  -  R  -  -  -  -  -  -  R  -
"""
