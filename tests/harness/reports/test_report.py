"""The report: its sections in markdown and HTML, where strangers' words stay words."""

from harness.reports.report import render
from harness.reports.sections import Section

HEADLINE = Section("Lab report", ("Two hypotheses.",))
CLAIM = "<script>alert(1)</script> [here](http://x) | and\nmore & `code`"


def test_markdown_is_a_headline_a_plot_and_sections() -> None:
    money = Section("Money", ("So far.", "In all."), ("what", "amount"), (("jobs", "$1"), ("idle", "$2")))
    assert render("report.md", [HEADLINE, money, Section("Failed jobs")], has_plot=True) == (
        "# Lab report\n\nTwo hypotheses.\n\n![val_bpb over the session](progress.png)\n\n"
        "## Money\n\nSo far.\n\nIn all.\n\n"
        "| what | amount |\n| --- | --- |\n| jobs | $1 |\n| idle | $2 |\n\n"
        "## Failed jobs\n"
    )


def test_html_holds_the_same_and_no_table_without_rows() -> None:
    page = render("report.html", [HEADLINE, Section("Noise", (), ("recipe", "seeds"))], has_plot=False)
    assert "<title>Lab report</title>" in page and "<h1>Lab report</h1>" in page
    assert "<h2>Noise</h2>" in page and "<p>Two hypotheses.</p>" in page
    assert "<table>" not in page and "<img" not in page


def test_html_of_a_claim_is_text() -> None:
    page = render("report.html", [Section(CLAIM, (CLAIM,), ("claim",), ((CLAIM,),))], has_plot=False)
    assert "<script>" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 4


def test_a_claim_in_a_markdown_table_is_one_plain_cell() -> None:
    page = render("report.md", [Section("S", (), ("claim",), ((CLAIM,),))], has_plot=False)
    assert r"| \<script>alert(1)\</script> [here]\(http://x) \| and more & \`code\` |" in page.splitlines()
