"""The office's other verbs: flags, partnerships, policies, wordings, applications."""

TABLE = """
  #                                          An Ap Pa Ci Ex AD EL XA CH XH SH GO SU AP
admin:partnerships_flag_settle
  GET       flag                           in in in in in ok -- -- in in in in -- ok
  POST      flag                           .  .  .  .  .  do -- -- .  .  .  .  -- .
  GET       own_flag                       .  .  .  .  .  ok -- -- .  .  .  .  -- --
  POST      own_flag                       .  .  .  .  .  do -- -- .  .  .  .  -- --
  GET       their flag                     .  .  .  .  .  -- -- ok .  .  .  .  -- --
  POST      their flag                     .  .  .  .  .  -- -- do .  .  .  .  -- --
  GET,POST  missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
admin:partnerships_flag_pause
  GET       flag                           in in in in in ok -- -- in in in in -- ok
  POST      flag                           .  .  .  .  .  do -- -- .  .  .  .  -- .
  GET       own_flag                       .  .  .  .  .  ok -- -- .  .  .  .  -- --
  POST      own_flag                       .  .  .  .  .  do -- -- .  .  .  .  -- --
  GET       their flag                     .  .  .  .  .  -- -- ok .  .  .  .  -- --
  POST      their flag                     .  .  .  .  .  -- -- do .  .  .  .  -- --
  GET,POST  missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
admin:partnerships_flag_end
  GET       flag                           in in in in in ok -- -- in in in in -- ok
  POST      flag                           .  .  .  .  .  do -- -- .  .  .  .  -- .
  GET       own_flag                       .  .  .  .  .  ok -- -- .  .  .  .  -- --
  POST      own_flag                       .  .  .  .  .  do -- -- .  .  .  .  -- --
  GET       their flag                     .  .  .  .  .  -- -- ok .  .  .  .  -- --
  POST      their flag                     .  .  .  .  .  -- -- do .  .  .  .  -- --
  GET,POST  missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
admin:partnerships_flag_let_go
  GET       asked                          in in in in in ok -- -- in in in in -- ok
  POST      asked                          .  .  .  .  .  do -- -- .  .  .  .  -- .
  GET       their asked                    .  .  .  .  .  -- -- ok .  .  .  .  -- --
  POST      their asked                    .  .  .  .  .  -- -- do .  .  .  .  -- --
  GET,POST  missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
  POST      asked with theirs              .  .  .  .  .  ok -- -- .  .  .  .  -- .
admin:partnerships_flag_resume
  GET,POST  flag                           in in in in in go -- -- in in in in -- .
  GET,POST  their flag                     .  .  .  .  .  -- -- go .  .  .  .  -- --
  GET,POST  missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
admin:partnerships_flag_add_facilitator
  GET,POST  flag                           in in in in in go -- -- in in in in -- .
  GET,POST  their flag                     .  .  .  .  .  -- -- go .  .  .  .  -- --
  GET,POST  missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
admin:partnerships_flag_merge
  GET,POST  flag                           in in in in in go -- -- in in in in -- .
  GET,POST  their flag                     .  .  .  .  .  -- -- go .  .  .  .  -- --
  GET,POST  missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
admin:partnerships_partnership_pause
  GET       pair                           in in in in in ok -- -- in in in in -- ok
  POST      pair                           .  .  .  .  .  do -- -- .  .  .  .  -- .
  GET       office_pair                    .  .  .  .  .  ok -- -- .  .  .  .  -- --
  POST      office_pair                    .  .  .  .  .  do -- -- .  .  .  .  -- --
  GET       their pair                     .  .  .  .  .  -- -- ok .  .  .  .  -- --
  POST      their pair                     .  .  .  .  .  -- -- do .  .  .  .  -- --
  GET,POST  missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
admin:partnerships_partnership_end
  GET       pair                           in in in in in ok -- -- in in in in -- ok
  POST      pair                           .  .  .  .  .  do -- -- .  .  .  .  -- .
  GET       office_pair                    .  .  .  .  .  ok -- -- .  .  .  .  -- --
  POST      office_pair                    .  .  .  .  .  do -- -- .  .  .  .  -- --
  GET       their pair                     .  .  .  .  .  -- -- ok .  .  .  .  -- --
  POST      their pair                     .  .  .  .  .  -- -- do .  .  .  .  -- --
  GET,POST  missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
admin:partnerships_partnership_log_meeting
  GET       pair                           in in in in in ok -- -- in in in in -- ok
  POST      pair                           .  .  .  .  .  do -- -- .  .  .  .  -- .
  GET       office_pair                    .  .  .  .  .  ok -- -- .  .  .  .  -- --
  POST      office_pair                    .  .  .  .  .  do -- -- .  .  .  .  -- --
  GET       their pair                     .  .  .  .  .  -- -- ok .  .  .  .  -- --
  POST      their pair                     .  .  .  .  .  -- -- do .  .  .  .  -- --
  GET,POST  missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
admin:partnerships_partnership_let_go
  GET       circle                         in in in in in ok -- -- in in in in -- ok
  POST      circle                         .  .  .  .  .  do -- -- .  .  .  .  -- .
  GET       their circle                   .  .  .  .  .  -- -- ok .  .  .  .  -- --
  POST      their circle                   .  .  .  .  .  -- -- do .  .  .  .  -- --
  GET,POST  missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
  POST      circle with theirs             .  .  .  .  .  ok -- -- .  .  .  .  -- .
admin:partnerships_partnership_merge
  GET,POST  other_circle                   in in in in in ok -- -- in in in in -- .
  GET,POST  their other_circle             .  .  .  .  .  -- -- ok .  .  .  .  -- --
  GET,POST  missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
  POST      other_circle with theirs       .  .  .  .  .  ok -- -- .  .  .  .  -- .
admin:partnerships_partnership_resume
  GET,POST  circle                         in in in in in go -- -- in in in in -- .
  GET,POST  their circle                   .  .  .  .  .  -- -- go .  .  .  .  -- --
  GET,POST  missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
admin:partnerships_partnership_add_facilitator
  GET,POST  circle                         in in in in in ok -- -- in in in in -- .
  GET,POST  their circle                   .  .  .  .  .  -- -- ok .  .  .  .  -- --
  GET,POST  missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
admin:programmes_policyversion_publish
  GET       draft_policy                   in in in in in ok -- -- in in in in ok ok
  POST      draft_policy                   .  .  .  .  .  do -- -- .  .  .  .  do .
  GET,POST  policy                         .  .  .  .  .  -- -- -- .  .  .  .  -- --
  GET       their draft_policy             .  .  .  .  .  -- -- ok .  .  .  .  ok --
  POST      their draft_policy             .  .  .  .  .  -- -- do .  .  .  .  do --
  GET,POST  missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
admin:overview_datarequest_acknowledge
  GET       outsiders_request              in in in in in -- -- -- in in in in ok --
  POST      outsiders_request              .  .  .  .  .  -- -- -- .  .  .  .  do --
  GET,POST  request                        .  .  .  .  .  -- -- -- .  .  .  .  go --
  GET       their outsiders_request        .  .  .  .  .  -- -- -- .  .  .  .  ok --
  GET,POST  missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
admin:overview_datarequest_extend
  GET       outsiders_request              in in in in in -- -- -- in in in in ok --
  POST      outsiders_request              .  .  .  .  .  -- -- -- .  .  .  .  do --
  GET,POST  request                        .  .  .  .  .  -- -- -- .  .  .  .  go --
  GET       their outsiders_request        .  .  .  .  .  -- -- -- .  .  .  .  ok --
  GET,POST  missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
admin:overview_datarequest_answer
  GET       request                        in in in in in -- -- -- in in in in ok --
  POST      request                        .  .  .  .  .  -- -- -- .  .  .  .  do --
  GET       their request                  .  .  .  .  .  -- -- -- .  .  .  .  ok --
  GET,POST  missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
admin:overview_datarequest_refuse
  GET       request                        in in in in in -- -- -- in in in in ok --
  POST      request                        .  .  .  .  .  -- -- -- .  .  .  .  do --
  GET       their request                  .  .  .  .  .  -- -- -- .  .  .  .  ok --
  GET,POST  missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
admin:partnerships_disclosure_seen_by
  GET       -                              in in in in in -- -- -- in in in in ok --
  POST      -                              .  .  .  .  .  -- -- -- .  .  .  .  do --
  PUT       -                              .  .  .  .  .  xx .  .  .  .  .  .  xx .
admin:partnerships_disclosure_seen_by_file
  POST      -                              in in in in in -- -- -- in in in in do --
  GET       -                              .  .  .  .  .  xx .  .  .  .  .  .  xx .
admin:programmes_schoolpage_look
  POST      school_page                    in in in in in do -- -- in in in in do do
  GET       school_page                    .  .  .  .  .  xx .  .  .  .  .  .  xx .
  POST      their school_page              .  .  .  .  .  -- -- do .  .  .  .  do --
  POST      missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
admin:programmes_wording_preview
  GET       wording                        in in in in in ok -- -- in in in in ok ok
  GET       their wording                  .  .  .  .  .  -- -- ok .  .  .  .  ok --
  GET       missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
  POST      wording                        .  .  .  .  .  xx .  .  .  .  .  .  xx .
admin:applications_application_decide
  GET       accepted                       in in in in in ok ok -- in in in in -- ok
  POST      accepted                       .  .  .  .  .  do do -- .  .  .  .  -- .
  GET       their accepted                 .  .  .  .  .  -- -- ok .  .  .  .  -- --
  POST      their accepted                 .  .  .  .  .  -- -- do .  .  .  .  -- --
  GET       missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
admin:applications_application_record_acceptance
  GET       accepted                       in in in in in ok ok -- in in in in -- ok
  POST      accepted                       .  .  .  .  .  do go -- .  .  .  .  -- .
  GET       their accepted                 .  .  .  .  .  -- -- ok .  .  .  .  -- --
  POST      their accepted                 .  .  .  .  .  -- -- do .  .  .  .  -- --
  GET       missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
admin:applications_application_import
  GET,POST  -                              in in in in in ok no ok in in in in no .
admin:applications_application_confirm_import
  GET       -                              in .  in .  .  xx .  .  .  .  .  .  .  .
  POST      -                              .  .  .  .  .  go no go .  .  .  .  no .
"""
