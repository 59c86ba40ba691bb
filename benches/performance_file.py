"""A performance file of 25,000 schools and 78 columns, in the names and habits of the published tables.

    performance_file.py SEED SCHOOLS FILE

The same seed gives the same bytes. Schools are invented: URNs 200000 and on, which the files of one
series share.
"""

import csv
import random
import sys

READ = [
    "RECTYPE", "LEA", "ESTAB", "URN", "SCHNAME", "TOWN", "PCODE", "ICLOSE", "NFTYPE", "RELDENOM", "ADMPOL", "EGENDER",
    "AGERANGE", "TOTPUPS", "TPUP", "P8PUP", "P8MEACOV", "P8MEA", "P8CILOW", "P8CIUPP", "P8_BANDING", "P8MEA_ORIG", "P8CILOW_ORIG",
    "P8CIUPP_ORIG", "ATT8SCR", "PTL2BASICS_95", "PTL2BASICS_94", "EBACCAPS", "PTEBACC_E_PTQ_EE",
]
FILLERS = [
    "BPUP", "GPUP", "PBPUP", "PGPUP", "KS2APS", "TPRIORLO", "PTPRIORLO", "TPRIORAV", "PTPRIORAV", "TPRIORHI", "PTPRIORHI",
    "TFSM6CLA1A", "PTFSM6CLA1A", "TNOTFSM6CLA1A", "PTNOTFSM6CLA1A", "TEALGRP1", "PTEALGRP1", "TEALGRP2", "PTEALGRP2", "TEALGRP3",
    "PTEALGRP3", "TNMOB", "PTNMOB", "SENSE4", "PSENSE4", "SENAPK4", "PSENAPK4", "TOTATT8", "TOTATT8ENG", "ATT8SCRENG",
    "TOTATT8MAT", "ATT8SCRMAT", "TOTATT8EBAC", "ATT8SCREBAC", "TOTATT8OPEN", "ATT8SCROPEN", "AVGEBACFILL", "AVGOPENFILL", "TP8ADJ",
    "P8MEAENG", "P8MEAENG_CILOW", "P8MEAENG_CIUPP", "P8MEAMAT", "P8MEAMAT_CILOW", "P8MEAMAT_CIUPP", "TOTEBACCAPS", "TEBACC_E_PTQ_EE",
    "PTEBACC_94", "PTEBACC_95",
]
HEADER = READ + FILLERS
assert len(HEADER) == 78 and len(set(HEADER)) == 78
BANDS = ["Well above average", "Above average", "Average", "Below average", "Well below average"]


def school(dice, urn):
    row = dict.fromkeys(HEADER, "")
    pupils = dice.randrange(3, 260)
    # a third of the schools in the national tables have no Progress 8: independent schools for the most part
    kind = "IND" if dice.random() < 0.3 else dice.choice(["ACC", "CY", "AC", "VA", "FS"])
    row.update(
        RECTYPE="2" if dice.random() < 0.05 else "1", LEA=str(200 + urn % 150), ESTAB=str(4000 + urn % 999), URN=str(urn),
        SCHNAME=f"Invented School {urn}, The", TOWN="Wexcombe", PCODE=f"WX{urn % 90 + 1} {urn % 9}AA", ICLOSE="0", NFTYPE=kind,
        RELDENOM="Does not apply", ADMPOL="NON", EGENDER="MIXED", AGERANGE="11-18", TOTPUPS=str(pupils * 5 + 7),
        TPUP=str(pupils), ATT8SCR=f"{dice.gauss(46, 9):.1f}", PTL2BASICS_95=f"{dice.uniform(10, 65):.0f}%",
        PTL2BASICS_94=f"{dice.uniform(65, 95):.0f}%", EBACCAPS=f"{dice.gauss(4.1, 0.8):.2f}", PTEBACC_E_PTQ_EE=f"{dice.uniform(0, 90):.0f}%",
    )
    if pupils < 6:
        token = "SUPP"
    elif kind == "IND":
        token = "NP"
    elif dice.random() < 0.02:
        token = "LOWCOV"
    else:
        token = None
    scores = ["P8MEA", "P8CILOW", "P8CIUPP", "P8MEA_ORIG", "P8CILOW_ORIG", "P8CIUPP_ORIG"]
    if token:
        row.update(dict.fromkeys(scores + ["P8PUP", "P8MEACOV"], token), P8_BANDING="SUPP" if token == "SUPP" else token)
        if token == "SUPP":
            row.update(ATT8SCR=token, PTL2BASICS_95=token, PTL2BASICS_94=token, EBACCAPS=token, PTEBACC_E_PTQ_EE=token)
    else:
        score, half = dice.gauss(-0.03, 0.45), 2.2 / pupils**0.5
        low, high = score - half, score + half
        band = 4 if score < -0.5 and high < 0 else 3 if high < 0 else 0 if score >= 0.5 and low > 0 else 1 if low > 0 else 2
        row.update(
            P8PUP=str(pupils - 2), P8MEACOV=f"{100 * (pupils - 2) / pupils:.0f}%", P8_BANDING=BANDS[band],
            **{name: f"{value:.2f}" for name, value in zip(scores, [score, low, high] * 2)},
        )
    for n, name in enumerate(FILLERS):
        row[name] = "SUPP" if token == "SUPP" else f"{dice.random() * 100:.0f}%" if name[0] == "P" and n % 2 == 0 else f"{dice.random() * 60:.1f}"
    return [row[name] for name in HEADER]


def main():
    seed, schools, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    dice = random.Random(seed)
    with open(path, "w", newline="", encoding="cp1252") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(HEADER)
        writer.writerows(school(dice, 200000 + n) for n in range(schools))


main()
