"""The office's pages of match runs, suggestions, waiting lists, and equality figures."""

TABLE = """
  #                                          An Ap Pa Ci Ex AD EL XA CH XH SH GO SU AP
admin:matching_start
  GET       -                              in in in in in ok no ok in in in in no ok
  POST      -                              .  .  .  .  .  do no ok .  .  .  .  no .
  POST      - with theirs                  .  .  .  .  .  ok no do .  .  .  .  no .
admin:matching_start_for
  POST      free_mentee                    in in in in in do -- -- in in in in -- .
  POST      their free_mentee              .  .  .  .  .  -- -- do .  .  .  .  -- --
  POST      missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
  GET       free_mentee                    .  .  .  .  .  xx .  .  .  .  .  .  .  .
admin:matching_proof
  GET       run                            in in in in in ok -- -- in in in in -- ok
  GET       their run                      .  .  .  .  .  -- -- ok .  .  .  .  -- --
  GET       missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
admin:overview_fairness
  GET       run                            in in in in in ok -- -- in in in in -- ok
  GET       their run                      .  .  .  .  .  -- -- ok .  .  .  .  -- --
  GET       trial, waiting_run, missing    .  .  .  .  .  -- -- -- .  .  .  .  -- --
  POST      run                            .  .  .  .  .  xx .  .  .  .  .  .  .  .
admin:overview_snapshot_csv
  GET       snapshot                       in in in in in ok -- -- in in in in -- ok
  GET       their snapshot                 .  .  .  .  .  -- -- ok .  .  .  .  -- --
  GET       missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
  POST      snapshot                       .  .  .  .  .  xx .  .  .  .  .  .  .  .
admin:matching_lock
  POST      run                            in in in in in do -- -- in in in in -- .
  POST      their run                      .  .  .  .  .  -- -- do .  .  .  .  -- --
  POST      missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
  POST      run with theirs                .  .  .  .  .  go -- -- .  .  .  .  -- .
  GET       run                            .  .  .  .  .  xx .  .  .  .  .  .  .  .
admin:matching_unlock
  POST      run                            in in in in in do -- -- in in in in -- .
  POST      their run                      .  .  .  .  .  -- -- do .  .  .  .  -- --
  POST      missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
  POST      run with theirs                .  .  .  .  .  go -- -- .  .  .  .  -- .
  GET       run                            .  .  .  .  .  xx .  .  .  .  .  .  .  .
admin:matching_refuse
  POST      run                            in in in in in do -- -- in in in in -- .
  POST      their run                      .  .  .  .  .  -- -- do .  .  .  .  -- --
  POST      missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
  POST      run with theirs                .  .  .  .  .  go -- -- .  .  .  .  -- .
  GET       run                            .  .  .  .  .  xx .  .  .  .  .  .  .  .
admin:matching_put-back
  POST      run                            in in in in in do -- -- in in in in -- .
  POST      their run                      .  .  .  .  .  -- -- do .  .  .  .  -- --
  POST      missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
  POST      run with theirs                .  .  .  .  .  go -- -- .  .  .  .  -- .
  GET       run                            .  .  .  .  .  xx .  .  .  .  .  .  .  .
admin:matching_call_back
  POST      run                            in in in in in do -- -- in in in in -- .
  POST      their run                      .  .  .  .  .  -- -- do .  .  .  .  -- --
  POST      missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
  POST      run with theirs                .  .  .  .  .  go -- -- .  .  .  .  -- .
  GET       run                            .  .  .  .  .  xx .  .  .  .  .  .  .  .
admin:matching_release
  GET       run                            in in in in in ok -- -- in in in in -- ok
  POST      run                            .  .  .  .  .  do -- -- .  .  .  .  -- .
  GET       their run                      .  .  .  .  .  -- -- ok .  .  .  .  -- --
  POST      their run                      .  .  .  .  .  -- -- do .  .  .  .  -- --
  GET,POST  missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
  POST      run with theirs                .  .  .  .  .  go -- -- .  .  .  .  -- .
admin:matching_cancel
  POST      waiting_run                    in in in in in do -- -- in in in in -- .
  POST      their waiting_run              .  .  .  .  .  -- -- do .  .  .  .  -- --
  POST      missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
  GET       waiting_run                    .  .  .  .  .  xx .  .  .  .  .  .  .  .
admin:matching_readiness
  GET       cohort                         in in in in in ok -- -- in in in in -- ok
  GET       their cohort                   .  .  .  .  .  -- -- ok .  .  .  .  -- --
  GET       missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
admin:matching_decisions
  GET       cohort                         in in in in in ok -- -- in in in in -- ok
  GET       their cohort                   .  .  .  .  .  -- -- ok .  .  .  .  -- --
  GET       missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
admin:matching_criteria
  GET,POST  cohort                         in in in in in ok -- -- in in in in -- .
  GET,POST  their cohort                   .  .  .  .  .  -- -- ok .  .  .  .  -- --
  GET,POST  missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
admin:matching_pair
  GET       cohort                         in in in in in ok -- -- in in in in -- ok
  POST      cohort                         .  .  .  .  .  do -- -- .  .  .  .  -- .
  GET       their cohort                   .  .  .  .  .  -- -- ok .  .  .  .  -- --
  POST      their cohort                   .  .  .  .  .  -- -- do .  .  .  .  -- --
  GET,POST  missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
  POST      cohort with theirs             .  .  .  .  .  ok -- -- .  .  .  .  -- .
admin:matching_waiting
  GET       cohort                         in in in in in ok -- -- in in in in -- ok
  POST      cohort                         .  .  .  .  .  do -- -- .  .  .  .  -- .
  GET       their cohort                   .  .  .  .  .  -- -- ok .  .  .  .  -- --
  POST      their cohort                   .  .  .  .  .  -- -- do .  .  .  .  -- --
  GET,POST  missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
  POST      cohort with theirs             .  .  .  .  .  go -- -- .  .  .  .  -- .
admin:matching_take_back
  POST      cohort                         in in in in in do -- -- in in in in -- .
  POST      their cohort                   .  .  .  .  .  -- -- do .  .  .  .  -- --
  POST      missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
  POST      cohort with theirs             .  .  .  .  .  go -- -- .  .  .  .  -- .
  GET       cohort                         .  .  .  .  .  xx .  .  .  .  .  .  .  .
admin:matching_try
  POST      cohort                         in in in in in ok -- -- in in in in -- .
  POST      their cohort                   .  .  .  .  .  -- -- ok .  .  .  .  -- --
  POST      missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
  GET       cohort                         .  .  .  .  .  xx .  .  .  .  .  .  .  .
admin:matching_adopt
  POST      both                           in in in in in go -- -- in in in in -- .
  POST      their both                     .  .  .  .  .  -- -- go .  .  .  .  -- --
  POST      their row of our cohort, missing, missing cohort .  .  .  .  .  -- -- -- .  .  .  .  -- --
  GET       both                           .  .  .  .  .  xx .  .  .  .  .  .  .  .
admin:matching_offer
  POST      both                           in in in in in go -- -- in in in in -- .
  POST      their both                     .  .  .  .  .  -- -- go .  .  .  .  -- --
  POST      their row of our cohort, missing, missing cohort .  .  .  .  .  -- -- -- .  .  .  .  -- --
  GET       both                           .  .  .  .  .  xx .  .  .  .  .  .  .  .
admin:matching_withdraw_offer
  POST      both                           in in in in in do -- -- in in in in -- .
  POST      their both                     .  .  .  .  .  -- -- do .  .  .  .  -- --
  POST      their row of our cohort, missing, missing cohort .  .  .  .  .  -- -- -- .  .  .  .  -- --
  GET       both                           .  .  .  .  .  xx .  .  .  .  .  .  .  .
admin:matching_suggestion
  GET       suggestion                     in in in in in ok -- -- in in in in -- ok
  GET       own_suggestion                 .  .  .  .  .  ok -- -- .  .  .  .  -- ok
  GET       their suggestion               .  .  .  .  .  -- -- ok .  .  .  .  -- --
  GET       missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
admin:matching_suggestion_lock
  POST      suggestion                     in in in in in do -- -- in in in in -- .
  POST      own_suggestion                 .  .  .  .  .  do -- -- .  .  .  .  -- go
  POST      their suggestion               .  .  .  .  .  -- -- do .  .  .  .  -- --
  POST      missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
  GET       suggestion                     .  .  .  .  .  xx .  .  .  .  .  .  .  .
admin:matching_suggestion_unlock
  POST      suggestion                     in in in in in do -- -- in in in in -- .
  POST      own_suggestion                 .  .  .  .  .  do -- -- .  .  .  .  -- go
  POST      their suggestion               .  .  .  .  .  -- -- do .  .  .  .  -- --
  POST      missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
  GET       suggestion                     .  .  .  .  .  xx .  .  .  .  .  .  .  .
admin:matching_suggestion_refuse
  POST      suggestion                     in in in in in do -- -- in in in in -- .
  POST      own_suggestion                 .  .  .  .  .  do -- -- .  .  .  .  -- go
  POST      their suggestion               .  .  .  .  .  -- -- do .  .  .  .  -- --
  POST      missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
  GET       suggestion                     .  .  .  .  .  xx .  .  .  .  .  .  .  .
admin:matching_suggestion_never
  POST      suggestion                     in in in in in do -- -- in in in in -- .
  POST      own_suggestion                 .  .  .  .  .  do -- -- .  .  .  .  -- go
  POST      their suggestion               .  .  .  .  .  -- -- do .  .  .  .  -- --
  POST      missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
  GET       suggestion                     .  .  .  .  .  xx .  .  .  .  .  .  .  .
admin:matching_suggestion_put-back
  POST      suggestion                     in in in in in do -- -- in in in in -- .
  POST      own_suggestion                 .  .  .  .  .  do -- -- .  .  .  .  -- go
  POST      their suggestion               .  .  .  .  .  -- -- do .  .  .  .  -- --
  POST      missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
  GET       suggestion                     .  .  .  .  .  xx .  .  .  .  .  .  .  .
admin:matching_suggestion_choose
  POST      suggestion                     in in in in in do -- -- in in in in -- .
  POST      own_suggestion                 .  .  .  .  .  do -- -- .  .  .  .  -- go
  POST      their suggestion               .  .  .  .  .  -- -- do .  .  .  .  -- --
  POST      missing, suggestion with theirs .  .  .  .  .  -- -- -- .  .  .  .  -- --
  GET       suggestion                     .  .  .  .  .  xx .  .  .  .  .  .  .  .
admin:matching_left_out
  GET       exclusion                      in in in in in ok -- -- in in in in -- ok
  GET       their exclusion                .  .  .  .  .  -- -- ok .  .  .  .  -- --
  GET       missing                        .  .  .  .  .  -- -- -- .  .  .  .  -- --
"""
