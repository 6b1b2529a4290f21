from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from normalise_extract import column, extract, read, run, schemas, told

from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.schema import Vocabulary
from consolidate.model.workbook import Column
from consolidate.normalise.colours import colour_status
from consolidate.normalise.ratings import RatingContext, parse_rating, rescaled
from consolidate.normalise.status import CodeContext, parse_code
from consolidate.normalise.words import compile_words, known_words
from consolidate.wording import remedy

RAG = compile_words(schemas().vocabularies["rag"])
STATE = compile_words(schemas().vocabularies["project_state"])


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("Vert", "green"),
        ("VERTE", "green"),
        ("vert.", "green"),
        ("V", "green"),
        ("O", "amber"),
        ("J", "amber"),
        ("R", "red"),
        ("RAS", "green"),
        ("Orageux", "red"),
        ("Nuageux", "amber"),
        ("☀️", "green"),
        ("🔴", "red"),
        ("🙂", "green"),
        (":-(", "red"),
        ("2 - Moyen", "amber"),
        ("Moyen (2)", "amber"),
        ("1. Vert", "green"),
        ("Amber/Red", "amber"),
        ("Complete", "blue"),
    ],
)
def test_a_status_is_read_in_its_usual_spellings(raw: str, code: str) -> None:
    assert read("projects", "status", [raw]) == ([code], [])


def test_a_mixed_status_is_the_worst_and_told() -> None:
    assert read("projects", "status", ["Vert / à surveiller"]) == (
        ["amber"],
        [("value-mixed", "A2")],
    )


@pytest.mark.parametrize("raw", [1.0, 2, "3"])
def test_a_number_is_no_status_without_a_legend(raw: object) -> None:
    assert read("projects", "status", [raw]) == ([None], [("status-number", "A2")])


def test_a_legend_tells_what_numbers_and_blue_mean() -> None:
    legend = {"1": "Rouge", "3": "Vert", "b": "Terminé", "bleu": "Non démarré"}
    status = Column("A1", "Statut", "status", codes=legend)
    assert read("projects", status, [1.0, "3", "B", "Bleu"]) == (
        ["red", "green", "blue", "grey"],
        [],
    )


def test_blue_without_a_legend_is_left_empty() -> None:
    assert read("projects", "status", ["Bleu"]) == ([None], [("status-blue", "A2")])


def test_letters_take_the_meaning_their_neighbours_leave() -> None:
    assert read("projects", "status", ["V", "O", "R"])[0] == ["green", "amber", "red"]
    assert read("projects", "status", ["O", "N"])[0] == [None, None]
    assert read("projects", "assistance_requested", ["O", "N"])[0] == [True, False]


@pytest.mark.parametrize(
    ("colour", "status"),
    [
        ("00B050", "green"),
        ("92D050", "green"),
        ("FFC000", "amber"),
        ("FFFF00", "amber"),
        ("ED7D31", "amber"),
        ("FF0000", "red"),
        ("C00000", "red"),
        ("FFC7CE", "red"),
        ("0070C0", "blue"),
        ("D9D9D9", "grey"),
        ("FFFFFF", ""),
        ("000000", ""),
        ("8E44AD", None),
        ("nothing", None),
        ("FF00B050", "green"),
    ],
)
def test_a_colour_is_judged_by_its_hue(colour: str, status: str | None) -> None:
    assert colour_status(colour) == status


@given(st.from_regex(r"[0-9A-Fa-f]{6}", fullmatch=True))
def test_every_colour_has_an_answer(colour: str) -> None:
    assert colour_status(colour) in {"green", "amber", "red", "blue", "grey", "", None}


def test_a_fill_is_a_status() -> None:
    values, findings = read(
        "projects",
        "status",
        ["00B050", "FF0000", "FFFFFF", "0070C0", "8E44AD", "amber"],
        methods={"status": "fill"},
    )
    assert values == ["green", "red", None, None, None, "amber"]
    assert findings == [("status-blue", "A5"), ("colour-unknown", "A6")]


def test_a_fill_speaks_the_vocabulary_of_its_field() -> None:
    values, _ = read(
        "compliance", "state", ["00B050", "FF0000"], methods={"state": "fill"}
    )
    assert values == ["compliant", "non_compliant"]


def test_a_wingdings_letter_is_its_picture() -> None:
    assert read("projects", "status", ["J", "K", "L"], methods={"status": "symbol"})[
        0
    ] == [
        "green",
        "amber",
        "red",
    ]
    assert read(
        "milestones", "is_critical", ["ü", "û"], methods={"is_critical": "symbol"}
    )[0] == [
        True,
        False,
    ]
    assert read("projects", "trend", ["é", "ê", "è"], methods={"trend": "symbol"})[
        0
    ] == [
        "improving",
        "worsening",
        "stable",
    ]


def test_rising_is_bad_for_a_risk() -> None:
    assert read("projects", "trend", ["↗", "En hausse"])[0] == ["improving"] * 2
    assert read("risks", "trend", ["↗", "En hausse", "En dégradation", "↓"])[0] == [
        "worsening",
        "worsening",
        "worsening",
        "improving",
    ]


def test_a_dash_is_a_trend_only_among_signs() -> None:
    assert read("projects", "trend", ["-", "Stable"]) == ([None, "stable"], [])
    assert read("projects", "trend", ["-", "+", "="])[0] == [
        "worsening",
        "improving",
        "stable",
    ]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("En cours", "active"),
        ("TERMINÉE", "completed"),
        ("Terminées", "completed"),
        ("Terminé(e)", "completed"),
        ("B – En cours", "active"),
        ("Non démarrées", "planned"),
        ("Suspendu.", "on_hold"),
    ],
)
def test_gender_plural_and_punctuation_do_not_matter(raw: str, code: str) -> None:
    assert read("projects", "state", [raw]) == ([code], [])


def test_what_follows_a_known_word_is_dropped_and_told() -> None:
    assert read("projects", "state", ["En cours (80 %)"]) == (
        ["active"],
        [("value-partly-read", "A2")],
    )


def test_no_word_is_read_inside_another_phrase() -> None:
    assert read("projects", "state", ["Terminé à 50 %", "pas encore terminé"])[0] == [
        None,
        None,
    ]


def test_an_unknown_word_is_told_with_its_nearest() -> None:
    outcome = run(extract("projects", ["state"], [["Suspnedu"]]))
    assert told(outcome) == [("value-unknown", "A2")]
    assert "Suspendu" in outcome.findings[0].params["known"]
    assert dict(known_words("zzz", STATE))["known"]


def test_an_open_vocabulary_keeps_an_unknown_word() -> None:
    assert read("milestones", "phase", ["Étape maison 3"]) == (["Étape maison 3"], [])


def test_nc_in_a_compliance_column_is_told() -> None:
    assert read("compliance", "state", ["NC", "Conforme"]) == (
        [None, "compliant"],
        [("value-ambiguous", "A2")],
    )
    assert read("convergence", "state", ["N.C."])[0] == [None]
    assert read("projects", "state", ["NC"]) == ([None], [])


@pytest.mark.parametrize(
    ("raw", "code"), [(1.0, "1"), ("P2", "2"), ("Haute", "2"), ("4", "4")]
)
def test_a_priority_is_a_code(raw: object, code: str) -> None:
    assert read("projects", "priority", [raw]) == ([code], [])


def test_a_fifth_priority_is_none_of_four() -> None:
    assert read("projects", "priority", [5.0]) == ([None], [("value-unknown", "A2")])


@pytest.mark.parametrize(
    ("raw", "truth"),
    [
        ("Oui", True),
        ("x", True),
        ("X", True),
        ("✓", True),
        (True, True),
        (1.0, True),
        ("N", False),
        ("0", False),
        (False, False),
    ],
)
def test_yes_and_no(raw: object, truth: bool) -> None:
    assert read("milestones", "is_critical", [raw]) == ([truth], [])


def test_partly_is_neither_yes_nor_no() -> None:
    assert read("milestones", "is_critical", ["Partiel", "Sans objet"]) == (
        [None, None],
        [("value-unknown", "A2")],
    )


def test_a_ticked_box_is_done() -> None:
    assert read("actions", "state", ["x", True])[0] == ["closed", "closed"]


@given(st.text(), st.sampled_from(["", "fill", "ink", "icon", "symbol"]))
def test_never_raises_on_any_text(text: str, method: str) -> None:
    for words in (RAG, STATE):
        parse_code(text, "", method, CodeContext(words), schemas().missing)
    ratings = compile_words(schemas().vocabularies["probability_scale"])
    parse_rating(text, "", RatingContext(ratings))


@pytest.mark.parametrize(
    ("scale", "levels"), [(3, [1, 3, 5]), (4, [1, 2, 4, 5]), (5, [1, 2, 3, 4, 5])]
)
def test_scales_are_brought_to_five_halves_up(scale: int, levels: list[int]) -> None:
    assert [rescaled(n, scale) for n in range(1, scale + 1)] == levels


def test_a_stated_scale_is_used_in_silence() -> None:
    stated = Column("A1", "Probabilité (1-4)", "probability", scale=4)
    assert read("risks", stated, [1.0, 2.0, 4.0]) == ([1, 2, 5], [])
    offered = Column("A1", "P", "probability", choices=("1", "2", "3"))
    assert read("risks", offered, [1.0, 2.0]) == ([1, 3], [])


def test_the_largest_mark_gives_the_scale_with_a_warning() -> None:
    assert read("risks", "probability", [1.0, 2.0, 4.0]) == (
        [1, 2, 5],
        [("scale-assumed", "A1")],
    )
    assert read("risks", "probability", [1.0, 5.0]) == ([1, 5], [])


def test_probability_and_impact_share_a_scale() -> None:
    outcome = run(extract("risks", ["probability", "impact"], [[2.0, 5.0], [3.0, 1.0]]))
    assert column(outcome, "risks", "probability") == [2, 3]
    assert outcome.findings == ()


def test_a_mark_above_five_has_no_known_scale() -> None:
    assert read("risks", "probability", [8.0]) == ([None], [("scale-unknown", "A2")])


@pytest.mark.parametrize(
    ("raw", "level"),
    [
        ("Faible", 2),
        ("Forte", 4),
        ("3 - Forte", 4),
        ("Très forte", 5),
        ("Quasi certaine", 5),
        ("Rare", 1),
        ("75 %", 4),
        ("5 %", 1),
        ("95%", 5),
        ("60-75 %", 4),
        ("4/5", 4),
        ("Élevées", 4),
    ],
)
def test_a_probability_is_read_in_words_and_percentages(raw: str, level: int) -> None:
    assert read("risks", "probability", [raw]) == ([level], [])


def test_a_range_over_two_levels_is_the_middle_and_told() -> None:
    assert read("risks", "probability", ["75% to 100%"]) == (
        [5],
        [("rating-from-range", "A2")],
    )


def test_percentages_are_known_by_their_format_or_their_fractions() -> None:
    assert read("risks", "probability", [0.6], formats={"probability": "0%"})[0] == [4]
    assert read("risks", "probability", [0.6, 0.2])[0] == [4, 2]


def test_a_word_scale_of_four_is_ranked_by_its_own_words() -> None:
    words = ["Minime", "Significative", "Forte", "Maximale"]
    assert read("risks", "probability", words)[0] == [1, 2, 4, 5]
    assert read("risks", "probability", ["Significative", "Forte"])[0] == [3, 4]


def test_a_criticality_that_is_the_product_follows_its_factors() -> None:
    rows = [[1.0, 2.0, 2.0], [4.0, 4.0, 16.0], [3.0, 3.0, 9.0]]
    outcome = run(extract("risks", ["probability", "impact", "criticality"], rows))
    assert column(outcome, "risks", "criticality") == [2, 25, 16]


def test_a_criticality_alone_is_left_empty() -> None:
    assert read("risks", "criticality", [12.0]) == ([None], [("scale-unknown", "A2")])
    stated = Column("A1", "Criticité (sur 25)", "criticality", scale=25)
    assert read("risks", stated, [12.0]) == ([12], [])


def test_a_criticality_that_is_no_product_gives_way_to_it() -> None:
    rows = [[2.0, 5.0, 7.0], [3.0, 4.0, 7.0], [None, 4.0, 4.0]]
    outcome = run(extract("risks", ["probability", "impact", "criticality"], rows))
    frame = outcome.value.facts["risks"].frame
    own = frame.loc[frame["field"] == "criticality"]
    assert own["value"].tolist() == [10, 12, None]
    assert not own["used"].any()
    assert told(outcome) == [("scale-unknown", "C4"), ("criticality-reckoned", "C1")]


def test_a_criticality_in_words_gives_way_to_the_product() -> None:
    rows = [[5, 3, "Élevée"], [2, None, "Faible"]]
    outcome = run(extract("risks", ["probability", "impact", "criticality"], rows))
    frame = outcome.value.facts["risks"].frame
    own = frame.loc[frame["field"] == "criticality"]
    assert own["value"].tolist() == [15, None]
    assert not own["used"].any()
    assert told(outcome) == [("criticality-word", "C3"), ("criticality-reckoned", "C1")]


def test_an_amdec_rates_from_one_to_ten() -> None:
    rows = [[10, 5, 2], [6, 1, 10]]
    fields = ["impact", "probability", "detectability"]
    outcome = run(extract("risks", fields, rows))
    assert column(outcome, "risks", "impact") == [5, 3]
    assert {rule for rule, _ in told(outcome)} == {"scale-assumed"}


def test_a_criticality_in_words_is_left_empty() -> None:
    assert read("risks", "criticality", ["Élevée", "à définir"]) == (
        [None, None],
        [("criticality-word", "A2")],
    )


def test_a_legend_may_explain_a_colour() -> None:
    status = Column(
        "A1", "Statut", "status", codes={"bleu": "Terminé", "8e44ad": "Rouge : bloqué"}
    )
    values, findings = read(
        "projects", status, ["0070C0", "8E44AD"], methods={"status": "fill"}
    )
    assert (values, findings) == (["blue", "red"], [])


def test_a_legend_in_several_words_counts_when_they_agree() -> None:
    codes = {"1": "RAS, maîtrisé", "2": "Vert ou rouge", "g": "???"}
    status = Column("A1", "Statut", "status", codes=codes)
    assert read("projects", status, ["1", "2", "G"])[0] == ["green", None, "green"]
    state = Column("A1", "État", "state", codes={"1": "En cours"})
    assert read("projects", state, [1.0])[0] == ["active"]


def test_a_letter_in_no_symbol_font_table_is_told() -> None:
    assert read("projects", "status", ["Z", "è"], methods={"status": "symbol"}) == (
        [None, None],
        [("value-unknown", "A2"), ("value-unknown", "A3")],
    )


def test_typed_values_in_a_code_column() -> None:
    assert read("projects", "status", [True])[1] == [("value-unknown", "A2")]
    assert read("projects", "state", [0.5], formats={"state": "0%"})[1] == [
        ("value-unknown", "A2")
    ]
    assert read("milestones", "phase", [0.5, 3.0], formats={"phase": "0%"})[0] == [
        "50 %",
        "300 %",
    ]
    assert read("milestones", "phase", [3.0])[0] == ["3"]


def test_two_words_of_one_state_agree_and_of_two_do_not() -> None:
    assert read("projects", "state", ["Terminé / clos"])[0] == ["completed"]
    assert read("projects", "state", ["Terminé / en cours"]) == (
        [None],
        [("value-unknown", "A2")],
    )


def test_a_code_beside_an_unknown_label_is_read() -> None:
    assert read("projects", "priority", ["2 - Truc"])[0] == ["2"]


def test_a_text_without_end_is_no_code() -> None:
    long = "a " * 20_000
    assert read("projects", "state", [long]) == ([None], [("value-unknown", "A2")])
    assert read("risks", "probability", [long]) == ([None], [("value-unknown", "A2")])


def test_what_is_no_rating_is_told() -> None:
    assert read("risks", "probability", [True, "x", "150 %", "< 5 %"])[1] == [
        ("value-unknown", "A2"),
        ("value-unknown", "A3"),
        ("scale-unknown", "A4"),
        ("number-bound", "A5"),
    ]
    assert read("risks", "impact", ["50 %"])[1] == [("scale-unknown", "A2")]
    stated = Column("A1", "P (1-3)", "probability", scale=3)
    assert read("risks", stated, [4.0, 0.0])[1] == [
        ("scale-exceeded", "A2"),
        ("scale-exceeded", "A3"),
    ]


def test_a_rating_legend_comes_first() -> None:
    legend = Column("A1", "P", "probability", codes={"1": "Forte", "2": "Faible"})
    assert read("risks", legend, [1.0, "2"])[0] == [4, 2]


def test_a_probability_headed_in_percent() -> None:
    stated = Column("A1", "Probabilité (%)", "probability", unit="percent")
    assert read("risks", stated, [60.0, "20"]) == ([4, 2], [])


def test_a_word_of_two_levels_is_told() -> None:
    shared = {"1": ("Moyen",), "3": ("Moyen",)}
    words = compile_words(Vocabulary("twice", {"1": {}, "3": {}}, shared))
    parsed = parse_rating("Moyen", "", RatingContext(words))
    assert (parsed.value, parsed.rule) == (None, "value-ambiguous")
    assert parsed.params == (("known", "1, 3"),)


def test_a_slip_in_a_column_of_products_is_kept_on_a_scale_of_five() -> None:
    rows = [[p, i, p * i] for p in (1.0, 2.0, 3.0) for i in (5.0, 4.0)]
    rows += [[2.0, 2.0, 5.0], [None, 3.0, 12.0], [1.0, 1.0, 30.0]]
    rows += [[5.0, 5.0, 25.0]] * 4
    outcome = run(extract("risks", ["probability", "impact", "criticality"], rows))
    assert column(outcome, "risks", "criticality")[6:9] == [5, 12, None]
    assert told(outcome) == [("scale-exceeded", "C10")]


def test_an_unknown_word_is_neither_yes_nor_no() -> None:
    assert read(
        "milestones", "is_critical", ["peut-être", "", datetime(2026, 3, 1)]
    ) == (
        [None, None, None],
        [("value-unknown", "A2"), ("value-unknown", "A4")],
    )


def test_a_date_is_no_rating_and_no_criticality() -> None:
    assert read("risks", "probability", [datetime(2026, 3, 1)])[1] == [
        ("value-unknown", "A2")
    ]
    assert read("risks", "criticality", [datetime(2026, 3, 1)])[1] == [
        ("criticality-word", "A2")
    ]


def test_an_unread_rating_leaves_its_product_unknown() -> None:
    rows = [["x", 2.0, 4.0], [2.0, 5.0, 10.0]]
    outcome = run(extract("risks", ["probability", "impact", "criticality"], rows))
    assert column(outcome, "risks", "criticality") == [4, 10]


def test_a_fine_category_of_time_says_build_or_run() -> None:
    said = ["Projet", "Correctif", "MCO", "Formation", "RTT", "Autre chose"]
    found = run(extract("workload", ["time_category"], [[text] for text in said]))
    frame = found.value.facts["workload"].frame
    coarse = frame[frame["field"] == "category"].set_index("row")["value"].to_dict()
    assert coarse == {2: "build", 3: "run", 4: "run", 5: "other", 6: "absence"}


def test_the_name_of_a_deliverable_says_its_type_word_for_word() -> None:
    said = ["Note de cadrage", "AIPD", "Note de cadrage (V2 de juin)", "Maquette"]
    found = run(extract("deliverables", ["name"], [[text] for text in said]))
    frame = found.value.facts["deliverables"].frame
    made = frame[frame["field"] == "deliverable_type"]
    assert made.set_index("row")["value"].to_dict() == {
        2: "framing_note",
        3: "gdpr_file",
    }
    assert set(made["method"]) == {"derived"}


def test_a_deliverable_of_a_told_type_keeps_it() -> None:
    rows = [["Note de cadrage", "Cahier des charges"]]
    found = run(extract("deliverables", ["name", "deliverable_type"], rows))
    assert column(found, "deliverables", "deliverable_type") == ["specifications"]


def test_what_can_be_typed_is_told_in_the_language_of_who_reads_it() -> None:
    far = dict(known_words("xyzzy", RAG))
    assert far["known"].startswith("Vert")
    assert far["known@en"].startswith("Green")
    assert "@en" not in "".join(dict(known_words("Orang", RAG)))
    finding = Finding("value-unknown", Severity.ERROR, CellRef("a.xlsx"), params=far)
    assert far["known@en"] in remedy(finding, "en")
    assert far["known"] in remedy(finding, "fr")
