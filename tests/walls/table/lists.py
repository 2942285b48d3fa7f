"""Every model of the admin: its list, a new row, and one row's page, history and deletion."""

TABLE = """
  #                                          An Ap Pa Ci Ex AD EL XA CH XH SH GO SU AP
admin:programmes_cohort_changelist
  GET       -                              in in in in in ok no ok in in in in ok ok
admin:programmes_cohort_add
  GET,POST  -                              in in in in in ok no ok in in in in ok .
admin:programmes_cohort_change
  GET,POST  cohort                         in in in in in ok no nx in in in in ok .
  GET,POST  their cohort                   .  .  .  .  .  nx no ok .  .  .  .  ok nx
  GET,POST  missing                        .  .  .  .  .  nx no nx .  .  .  .  nx nx
  PUT       cohort                         .  .  .  .  .  ok no nx .  .  .  .  ok .
admin:programmes_cohort_history
  GET       cohort                         in in in in in ok no nx in in in in ok ok
  GET       their cohort                   .  .  .  .  .  nx no ok .  .  .  .  ok nx
  GET       missing                        .  .  .  .  .  nx no nx .  .  .  .  nx nx
admin:programmes_cohort_delete
  GET,POST  cohort                         in in in in in no no no in in in in no no
  GET,POST  their cohort, missing          .  .  .  .  .  no no no .  .  .  .  no no
admin:programmes_duty_changelist
  GET       -                              in in in in in no no no in in in in ok no
admin:programmes_duty_add
  GET,POST  -                              in in in in in no no no in in in in ok no
admin:programmes_duty_change
  GET       duty                           in in in in in no no no in in in in ok no
  POST      duty                           .  .  .  .  .  no no no .  .  .  .  no .
  GET       their duty                     .  .  .  .  .  no no no .  .  .  .  ok no
  POST      their duty                     .  .  .  .  .  no no no .  .  .  .  no .
  GET       missing                        .  .  .  .  .  no no no .  .  .  .  nx no
  POST      missing                        .  .  .  .  .  no no no .  .  .  .  no .
  PUT       duty                           .  .  .  .  .  no no no .  .  .  .  ok .
admin:programmes_duty_history
  GET       duty                           in in in in in no no no in in in in ok no
  GET       their duty                     .  .  .  .  .  no no no .  .  .  .  ok no
  GET       missing                        .  .  .  .  .  no no no .  .  .  .  nx no
admin:programmes_duty_delete
  GET,POST  duty                           in in in in in no no no in in in in ok no
  GET,POST  their duty                     .  .  .  .  .  no no no .  .  .  .  ok no
  GET,POST  missing                        .  .  .  .  .  no no no .  .  .  .  nx no
admin:programmes_policyversion_changelist
  GET       -                              in in in in in ok no ok in in in in ok ok
admin:programmes_policyversion_add
  GET,POST  -                              in in in in in ok no ok in in in in ok .
admin:programmes_policyversion_change
  GET,POST  draft_policy                   in in in in in ok no nx in in in in ok .
  GET       policy                         .  .  .  .  .  ok no nx .  .  .  .  ok .
  POST      policy                         .  .  .  .  .  no no nx .  .  .  .  no .
  GET,POST  their draft_policy             .  .  .  .  .  nx no ok .  .  .  .  ok nx
  GET,POST  missing                        .  .  .  .  .  nx no nx .  .  .  .  nx nx
  PUT       draft_policy                   .  .  .  .  .  ok no nx .  .  .  .  ok .
admin:programmes_policyversion_history
  GET       draft_policy                   in in in in in ok no nx in in in in ok ok
  GET       their draft_policy             .  .  .  .  .  nx no ok .  .  .  .  ok nx
  GET       missing                        .  .  .  .  .  nx no nx .  .  .  .  nx nx
admin:programmes_policyversion_delete
  GET,POST  draft_policy                   in in in in in ok no no in in in in ok .
  GET,POST  policy                         .  .  .  .  .  no no no .  .  .  .  no no
  GET,POST  their draft_policy             .  .  .  .  .  no no ok .  .  .  .  ok no
  GET,POST  missing                        .  .  .  .  .  no no no .  .  .  .  no no
admin:programmes_programme_changelist
  GET       -                              in in in in in ok no ok in in in in ok ok
admin:programmes_programme_add
  GET,POST  -                              in in in in in no no no in in in in ok no
admin:programmes_programme_change
  GET,POST  programme                      in in in in in ok no nx in in in in ok .
  GET,POST  their programme                .  .  .  .  .  nx no ok .  .  .  .  ok nx
  GET,POST  missing                        .  .  .  .  .  nx no nx .  .  .  .  nx nx
  PUT       programme                      .  .  .  .  .  ok no nx .  .  .  .  ok .
admin:programmes_programme_history
  GET       programme                      in in in in in ok no nx in in in in ok ok
  GET       their programme                .  .  .  .  .  nx no ok .  .  .  .  ok nx
  GET       missing                        .  .  .  .  .  nx no nx .  .  .  .  nx nx
admin:programmes_programme_delete
  GET,POST  programme                      in in in in in no no no in in in in no no
  GET,POST  their programme, missing       .  .  .  .  .  no no no .  .  .  .  no no
admin:programmes_schoolpage_changelist
  GET       -                              in in in in in ok no ok in in in in ok ok
admin:programmes_schoolpage_add
  GET,POST  -                              in in in in in no no no in in in in no no
admin:programmes_schoolpage_change
  GET       school_page                    in in in in in ok no nx in in in in ok ok
  POST      school_page                    .  .  .  .  .  no no no .  .  .  .  no .
  GET       their school_page              .  .  .  .  .  nx no ok .  .  .  .  ok nx
  POST      their school_page              .  .  .  .  .  no no no .  .  .  .  no .
  GET       missing                        .  .  .  .  .  nx no nx .  .  .  .  nx nx
  POST      missing                        .  .  .  .  .  no no no .  .  .  .  no .
  PUT       school_page                    .  .  .  .  .  ok no nx .  .  .  .  ok .
admin:programmes_schoolpage_history
  GET       school_page                    in in in in in ok no nx in in in in ok ok
  GET       their school_page              .  .  .  .  .  nx no ok .  .  .  .  ok nx
  GET       missing                        .  .  .  .  .  nx no nx .  .  .  .  nx nx
admin:programmes_schoolpage_delete
  GET,POST  school_page                    in in in in in no no no in in in in no no
  GET,POST  their school_page, missing     .  .  .  .  .  no no no .  .  .  .  no no
admin:programmes_question_changelist
  GET       -                              in in in in in ok no ok in in in in ok ok
admin:programmes_question_add
  GET,POST  -                              in in in in in ok no ok in in in in ok .
admin:programmes_question_change
  GET,POST  question                       in in in in in ok no nx in in in in ok .
  GET,POST  their question                 .  .  .  .  .  nx no ok .  .  .  .  ok nx
  GET,POST  missing                        .  .  .  .  .  nx no nx .  .  .  .  nx nx
  PUT       question                       .  .  .  .  .  ok no nx .  .  .  .  ok .
admin:programmes_question_history
  GET       question                       in in in in in ok no nx in in in in ok ok
  GET       their question                 .  .  .  .  .  nx no ok .  .  .  .  ok nx
  GET       missing                        .  .  .  .  .  nx no nx .  .  .  .  nx nx
admin:programmes_question_delete
  GET,POST  question                       in in in in in ok no nx in in in in ok .
  GET,POST  their question                 .  .  .  .  .  nx no ok .  .  .  .  ok nx
  GET,POST  missing                        .  .  .  .  .  nx no nx .  .  .  .  nx nx
admin:programmes_wording_changelist
  GET       -                              in in in in in ok no ok in in in in ok ok
admin:programmes_wording_add
  GET,POST  -                              in in in in in ok no ok in in in in ok .
admin:programmes_wording_change
  GET,POST  wording                        in in in in in ok no nx in in in in ok .
  GET,POST  their wording                  .  .  .  .  .  nx no ok .  .  .  .  ok nx
  GET,POST  missing                        .  .  .  .  .  nx no nx .  .  .  .  nx nx
  PUT       wording                        .  .  .  .  .  ok no nx .  .  .  .  ok .
admin:programmes_wording_history
  GET       wording                        in in in in in ok no nx in in in in ok ok
  GET       their wording                  .  .  .  .  .  nx no ok .  .  .  .  ok nx
  GET       missing                        .  .  .  .  .  nx no nx .  .  .  .  nx nx
admin:programmes_wording_delete
  GET,POST  wording                        in in in in in ok no nx in in in in ok .
  GET,POST  their wording                  .  .  .  .  .  nx no ok .  .  .  .  ok nx
  GET,POST  missing                        .  .  .  .  .  nx no nx .  .  .  .  nx nx
admin:applications_alumnirecord_changelist
  GET       -                              in in in in in ok no ok in in in in no ok
admin:applications_alumnirecord_add
  GET,POST  -                              in in in in in ok no ok in in in in no .
admin:applications_alumnirecord_change
  GET,POST  alumni                         in in in in in ok no nx in in in in no .
  GET,POST  their alumni                   .  .  .  .  .  nx no ok .  .  .  .  no nx
  GET,POST  missing                        .  .  .  .  .  nx no nx .  .  .  .  no nx
  PUT       alumni                         .  .  .  .  .  ok no nx .  .  .  .  no .
admin:applications_alumnirecord_history
  GET       alumni                         in in in in in ok no nx in in in in no ok
  GET       their alumni                   .  .  .  .  .  nx no ok .  .  .  .  no nx
  GET       missing                        .  .  .  .  .  nx no nx .  .  .  .  no nx
admin:applications_alumnirecord_delete
  GET,POST  alumni                         in in in in in ok no nx in in in in no .
  GET,POST  their alumni                   .  .  .  .  .  nx no ok .  .  .  .  no nx
  GET,POST  missing                        .  .  .  .  .  nx no nx .  .  .  .  no nx
admin:applications_application_changelist
  GET       -                              in in in in in ok ok ok in in in in no ok
admin:applications_application_add
  GET,POST  -                              in in in in in no no no in in in in no no
admin:applications_application_change
  GET,POST  mentee                         in in in in in ok ok nx in in in in nx .
  GET,POST  their mentee                   .  .  .  .  .  nx nx ok .  .  .  .  nx nx
  GET,POST  missing                        .  .  .  .  .  nx nx nx .  .  .  .  nx nx
  PUT       mentee                         .  .  .  .  .  ok ok nx .  .  .  .  nx .
admin:applications_application_history
  GET       mentee                         in in in in in ok ok nx in in in in no ok
  GET       their mentee                   .  .  .  .  .  nx nx ok .  .  .  .  no nx
  GET       missing                        .  .  .  .  .  nx nx nx .  .  .  .  no nx
admin:applications_application_delete
  GET,POST  mentee                         in in in in in no no no in in in in no no
  GET,POST  their mentee, missing          .  .  .  .  .  no no no .  .  .  .  no no
admin:training_session_changelist
  GET       -                              in in in in in ok no ok in in in in no ok
admin:training_session_add
  GET,POST  -                              in in in in in ok no ok in in in in no .
admin:training_session_change
  GET,POST  session                        in in in in in ok no nx in in in in no .
  GET,POST  their session                  .  .  .  .  .  nx no ok .  .  .  .  no nx
  GET,POST  missing                        .  .  .  .  .  nx no nx .  .  .  .  no nx
  PUT       session                        .  .  .  .  .  ok no nx .  .  .  .  no .
admin:training_session_history
  GET       session                        in in in in in ok no nx in in in in no ok
  GET       their session                  .  .  .  .  .  nx no ok .  .  .  .  no nx
  GET       missing                        .  .  .  .  .  nx no nx .  .  .  .  no nx
admin:training_session_delete
  GET,POST  session                        in in in in in no no no in in in in no no
  GET,POST  their session, missing         .  .  .  .  .  no no no .  .  .  .  no no
admin:matching_matchrun_changelist
  GET       -                              in in in in in ok no ok in in in in no ok
admin:matching_matchrun_add
  GET,POST  -                              in in in in in no no no in in in in no no
admin:matching_matchrun_change
  GET,POST  run                            in in in in in ok nx nx in in in in nx .
  GET,POST  their run                      .  .  .  .  .  nx nx ok .  .  .  .  nx nx
  GET,POST  missing                        .  .  .  .  .  nx nx nx .  .  .  .  nx nx
  PUT       run                            .  .  .  .  .  ok nx nx .  .  .  .  nx .
admin:matching_matchrun_history
  GET       run                            in in in in in ok no nx in in in in no ok
  GET       their run                      .  .  .  .  .  nx no ok .  .  .  .  no nx
  GET       missing                        .  .  .  .  .  nx no nx .  .  .  .  no nx
admin:matching_matchrun_delete
  GET,POST  run                            in in in in in no no no in in in in no no
  GET,POST  their run, missing             .  .  .  .  .  no no no .  .  .  .  no no
admin:overview_snapshot_changelist
  GET       -                              in in in in in ok no ok in in in in no ok
admin:overview_snapshot_add
  GET,POST  -                              in in in in in no no no in in in in no no
admin:overview_snapshot_change
  GET,POST  snapshot                       in in in in in ok nx nx in in in in nx .
  GET,POST  their snapshot                 .  .  .  .  .  nx nx ok .  .  .  .  nx nx
  GET,POST  missing                        .  .  .  .  .  nx nx nx .  .  .  .  nx nx
  PUT       snapshot                       .  .  .  .  .  ok nx nx .  .  .  .  nx .
admin:overview_snapshot_history
  GET       snapshot                       in in in in in ok no nx in in in in no ok
  GET       their snapshot                 .  .  .  .  .  nx no ok .  .  .  .  no nx
  GET       missing                        .  .  .  .  .  nx no nx .  .  .  .  no nx
admin:overview_snapshot_delete
  GET,POST  snapshot                       in in in in in no no no in in in in no no
  GET,POST  their snapshot, missing        .  .  .  .  .  no no no .  .  .  .  no no
admin:partnerships_disclosure_changelist
  GET       -                              in in in in in ok no ok in in in in ok ok
admin:partnerships_disclosure_add
  GET,POST  -                              in in in in in no no no in in in in no no
admin:partnerships_disclosure_change
  GET       disclosure                     in in in in in ok no nx in in in in ok ok
  POST      disclosure                     .  .  .  .  .  no no no .  .  .  .  no .
  GET       their disclosure               .  .  .  .  .  nx no ok .  .  .  .  ok nx
  POST      their disclosure               .  .  .  .  .  no no no .  .  .  .  no .
  GET       missing                        .  .  .  .  .  nx no nx .  .  .  .  nx nx
  POST      missing                        .  .  .  .  .  no no no .  .  .  .  no .
  PUT       disclosure                     .  .  .  .  .  ok no nx .  .  .  .  ok .
admin:partnerships_disclosure_history
  GET       disclosure                     in in in in in ok no nx in in in in ok ok
  GET       their disclosure               .  .  .  .  .  nx no ok .  .  .  .  ok nx
  GET       missing                        .  .  .  .  .  nx no nx .  .  .  .  nx nx
admin:partnerships_disclosure_delete
  GET,POST  disclosure                     in in in in in no no no in in in in no no
  GET,POST  their disclosure, missing      .  .  .  .  .  no no no .  .  .  .  no no
admin:partnerships_flag_changelist
  GET       -                              in in in in in ok no ok in in in in no ok
admin:partnerships_flag_add
  GET,POST  -                              in in in in in no no no in in in in no no
admin:partnerships_flag_change
  GET       flag                           in in in in in ok no nx in in in in no ok
  GET       asked                          .  .  .  .  .  ok no nx .  .  .  .  no .
  POST      flag                           .  .  .  .  .  no no no .  .  .  .  no .
  GET       own_flag                       .  .  .  .  .  ok no nx .  .  .  .  no nx
  POST      own_flag                       .  .  .  .  .  no no no .  .  .  .  no no
  GET       their flag                     .  .  .  .  .  nx no ok .  .  .  .  no nx
  POST      their flag                     .  .  .  .  .  no no no .  .  .  .  no .
  GET       missing                        .  .  .  .  .  nx no nx .  .  .  .  no nx
  POST      missing                        .  .  .  .  .  no no no .  .  .  .  no .
  PUT       flag                           .  .  .  .  .  ok no nx .  .  .  .  no .
admin:partnerships_flag_history
  GET       flag                           in in in in in ok no nx in in in in no ok
  GET       own_flag                       .  .  .  .  .  ok no nx .  .  .  .  no nx
  GET       their flag                     .  .  .  .  .  nx no ok .  .  .  .  no nx
  GET       missing                        .  .  .  .  .  nx no nx .  .  .  .  no nx
admin:partnerships_flag_delete
  GET,POST  flag                           in in in in in no no no in in in in no no
  GET,POST  their flag, missing            .  .  .  .  .  no no no .  .  .  .  no no
admin:partnerships_partnership_changelist
  GET       -                              in in in in in ok no ok in in in in no ok
admin:partnerships_partnership_add
  GET,POST  -                              in in in in in no no no in in in in no no
admin:partnerships_partnership_change
  GET       pair                           in in in in in ok no nx in in in in no ok
  POST      pair                           .  .  .  .  .  no no no .  .  .  .  no .
  GET       office_pair                    .  .  .  .  .  ok no nx .  .  .  .  no ok
  POST      office_pair                    .  .  .  .  .  no no no .  .  .  .  no no
  GET       their pair                     .  .  .  .  .  nx no ok .  .  .  .  no nx
  POST      their pair                     .  .  .  .  .  no no no .  .  .  .  no .
  GET       missing                        .  .  .  .  .  nx no nx .  .  .  .  no nx
  POST      missing                        .  .  .  .  .  no no no .  .  .  .  no .
  PUT       pair                           .  .  .  .  .  ok no nx .  .  .  .  no .
admin:partnerships_partnership_history
  GET       pair                           in in in in in ok no nx in in in in no ok
  GET       office_pair                    .  .  .  .  .  ok no nx .  .  .  .  no ok
  GET       their pair                     .  .  .  .  .  nx no ok .  .  .  .  no nx
  GET       missing                        .  .  .  .  .  nx no nx .  .  .  .  no nx
admin:partnerships_partnership_delete
  GET,POST  pair                           in in in in in no no no in in in in no no
  GET,POST  their pair, missing            .  .  .  .  .  no no no .  .  .  .  no no
admin:overview_datarequest_changelist
  GET       -                              in in in in in no no no in in in in ok no
admin:overview_datarequest_add
  GET,POST  -                              in in in in in no no no in in in in ok no
admin:overview_datarequest_change
  GET       request, outsiders_request     in in in in in no no no in in in in ok no
  POST      request                        .  .  .  .  .  no no no .  .  .  .  no .
  GET       their request                  .  .  .  .  .  no no no .  .  .  .  ok no
  POST      their request                  .  .  .  .  .  no no no .  .  .  .  no .
  GET       missing                        .  .  .  .  .  no no no .  .  .  .  nx no
  POST      missing                        .  .  .  .  .  no no no .  .  .  .  no .
  PUT       request                        .  .  .  .  .  no no no .  .  .  .  ok .
admin:overview_datarequest_history
  GET       request                        in in in in in no no no in in in in ok no
  GET       their request                  .  .  .  .  .  no no no .  .  .  .  ok no
  GET       missing                        .  .  .  .  .  no no no .  .  .  .  nx no
admin:overview_datarequest_delete
  GET,POST  request                        in in in in in no no no in in in in no no
  GET,POST  their request, missing         .  .  .  .  .  no no no .  .  .  .  no no
admin:outbox_message_changelist
  GET       -                              in in in in in ok no ok in in in in ok ok
admin:outbox_message_add
  GET,POST  -                              in in in in in no no no in in in in no no
admin:outbox_message_change
  GET       message                        in in in in in ok no nx in in in in ok ok
  POST      message                        .  .  .  .  .  no no no .  .  .  .  no .
  GET       their message                  .  .  .  .  .  nx no ok .  .  .  .  ok nx
  POST      their message                  .  .  .  .  .  no no no .  .  .  .  no .
  GET       missing                        .  .  .  .  .  nx no nx .  .  .  .  nx nx
  POST      missing                        .  .  .  .  .  no no no .  .  .  .  no .
  PUT       message                        .  .  .  .  .  ok no nx .  .  .  .  ok .
admin:outbox_message_history
  GET       message                        in in in in in ok no nx in in in in ok ok
  GET       their message                  .  .  .  .  .  nx no ok .  .  .  .  ok nx
  GET       missing                        .  .  .  .  .  nx no nx .  .  .  .  nx nx
admin:outbox_message_delete
  GET,POST  message                        in in in in in no no no in in in in no no
  GET,POST  their message, missing         .  .  .  .  .  no no no .  .  .  .  no no
admin:overview_retentionperiod_changelist
  GET       -                              in in in in in no no no in in in in ok no
admin:overview_retentionperiod_add
  GET,POST  -                              in in in in in no no no in in in in no no
admin:overview_retentionperiod_change
  GET       period                         in in in in in no no no in in in in ok no
  POST      period                         .  .  .  .  .  no no no .  .  .  .  do no
  GET       missing                        .  .  .  .  .  no no no .  .  .  .  nx no
  POST      missing                        .  .  .  .  .  no no no .  .  .  .  nx no
  PUT       period                         .  .  .  .  .  no no no .  .  .  .  ok .
admin:overview_retentionperiod_history
  GET       period                         in in in in in no no no in in in in ok no
  GET       missing                        .  .  .  .  .  no no no .  .  .  .  nx no
admin:overview_retentionperiod_delete
  GET,POST  period, missing                in in in in in no no no in in in in no no
admin:overview_retentionrun_changelist
  GET       -                              in in in in in no no no in in in in ok no
admin:overview_retentionrun_add
  GET,POST  -                              in in in in in no no no in in in in no no
admin:overview_retentionrun_change
  GET       purge                          in in in in in no no no in in in in ok no
  POST      purge                          .  .  .  .  .  no no no .  .  .  .  no no
  GET       missing                        .  .  .  .  .  no no no .  .  .  .  nx no
  POST      missing                        .  .  .  .  .  no no no .  .  .  .  no no
  PUT       purge                          .  .  .  .  .  no no no .  .  .  .  ok .
admin:overview_retentionrun_history
  GET       purge                          in in in in in no no no in in in in ok no
  GET       missing                        .  .  .  .  .  no no no .  .  .  .  nx no
admin:overview_retentionrun_delete
  GET,POST  purge, missing                 in in in in in no no no in in in in no no
"""
