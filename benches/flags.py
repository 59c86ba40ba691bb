"""The other side of the comparison: a stateless polars script that computes the flags of one file.

    flags.py FILE

Reads every column as text, turns what is needed into figures with their reasons for absence, and computes the rules
that Headwater computes from the same file: `ks4-floor-2016`, `p8-well-below-average`, `p8-band-well-below`. It keeps
nothing, knows no earlier release, explains nothing.
"""

import sys

import polars as pl

MARKERS = ["SUPP", "NE", "NA", "NP", "LOWCOV", "NEW", "SP", "LOW", "RE", "NR", ""]
FIGURES = [
    "TPUP", "P8MEA", "P8CILOW", "P8CIUPP", "P8MEACOV", "P8PUP", "P8MEA_ORIG", "P8CILOW_ORIG", "P8CIUPP_ORIG", "ATT8SCR", "PTL2BASICS_95",
    "PTL2BASICS_94", "EBACCAPS", "PTEBACC_E_PTQ_EE",
]

table = pl.read_csv(sys.argv[1], infer_schema_length=0, encoding="utf8-lossy")
text = {name: pl.col(name).fill_null("").str.strip_chars() for name in FIGURES}
table = table.with_columns(
    [pl.when(text[name].is_in(MARKERS)).then(text[name]).otherwise(None).alias(f"{name}?") for name in FIGURES]
    + [text[name].str.strip_suffix("%").cast(pl.Float64, strict=False).alias(f"{name}#") for name in FIGURES]
)
mainstream = (pl.col("RECTYPE") == "1") & (pl.col("NFTYPE") != "IND")
low = pl.when(pl.col("P8MEA#").is_null() | pl.col("P8CIUPP#").is_null()).then(None).otherwise((pl.col("P8MEA#") < -0.5) & (pl.col("P8CIUPP#") < 0))
floor_scope = mainstream & (pl.col("ICLOSE") != "1") & (pl.col("P8MEA?").fill_null("-") != "LOWCOV") & (pl.col("TPUP#") >= 6)
flags = table.select(
    "URN",
    pl.when(floor_scope).then(low).alias("ks4-floor-2016"),
    floor_scope.alias("asked-floor"),
    pl.when(mainstream).then(low).alias("p8-well-below-average"),
    mainstream.alias("asked"),
    pl.when(mainstream & ~pl.col("P8_BANDING").is_in(MARKERS)).then(pl.col("P8_BANDING") == "Well below average").alias("p8-band-well-below"),
)
for rule, asked in [("ks4-floor-2016", "asked-floor"), ("p8-well-below-average", "asked"), ("p8-band-well-below", "asked")]:
    of = flags.filter(pl.col(asked))[rule]
    print(f"{rule}: {of.sum()} met, {(~of).sum()} not met, {of.null_count()} could not be assessed")
