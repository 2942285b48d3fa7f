from django.urls import path

from partnerships.views import absences, agreement, declaration, leaving, thanks

urlpatterns = [
    path("partnerships/<int:pk>/leave/", leaving.leave, name="leave"),
    path("partnerships/<int:pk>/leave/take-back/", leaving.take_back_leaving, name="take_back_leaving"),
    path("partnerships/<int:pk>/agreement/", agreement.agreement, name="agreement"),
    path("applications/<int:pk>/declaration/", declaration.withdraw_declaration, name="withdraw_declaration"),
    path("applications/<int:pk>/away/", absences.announce_absence, name="announce_absence"),
    path("absences/<int:pk>/change/", absences.change_absence, name="change_absence"),
    path("absences/<int:pk>/back/", absences.return_early, name="return_early"),
    path("partnerships/<int:pk>/thanks/", thanks.certificate_of_thanks, name="certificate_of_thanks"),
]
