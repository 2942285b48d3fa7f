"""One's own data: read, taken along, and the way to have it deleted and to call that back."""

import zipfile

MENTEE = "mentee@lse.example"


def test_somebody_reads_takes_along_and_nearly_deletes_their_data(visitor, look_at, tmp_path):
    page = visitor(MENTEE)
    page.get_by_role("link", name="My data").first.click()
    page.get_by_role("heading", name="My data", exact=True).wait_for()
    look_at(page, "my-data")

    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download my data (ZIP)").click()
    waiting.value.save_as(tmp_path / "copy.zip")
    with zipfile.ZipFile(tmp_path / "copy.zip") as copy:
        assert sorted(copy.namelist()) == ["README.txt", "my-data.html", "my-data.json"]

    page.get_by_role("link", name="Delete my account").click()
    look_at(page, "delete-account")
    page.get_by_label("Yes, delete my account").check()
    page.get_by_role("button", name="Delete my account").click()
    page.get_by_role("heading", name="Your account will be deleted").wait_for()
    look_at(page, "my-data-being-deleted")
    page.get_by_role("button", name="Keep my account").click()
    page.get_by_text("Your account stays as it is").wait_for()
