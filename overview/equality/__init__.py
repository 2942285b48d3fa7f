"""The optional questionnaire as people and offices meet it: the page to answer it, and what is counted from it (EI-7).

Of all apps `overview` alone reads answers, and of `overview` this package alone. No page shows a row of them to anybody
but its own person; everything else is a monthly snapshot in rounded figures. How that is kept: docs/equality.md.
"""
