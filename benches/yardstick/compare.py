#!/usr/bin/env python3
"""Times sagstjek against DuckDB over a fictitious municipality: the same eleven checks, turn about, in one run.

    pip install duckdb==2.0.0
    python3 benches/yardstick/compare.py GENERATOR target/release/sagstjek --size M --data DIR --rounds 5

GENERATOR writes the data: GENERATOR csv FOLDER CASES PAYMENTS SEED. Both must find the documented number of rows for each
check, and the same rows; then come medians of wall time, CPU time and peak memory, and the ratios round by round.
"""
import argparse, os, pathlib, statistics, subprocess, sys, time

SIZES = {"S": (2_000, 50_000, 1), "M": (50_000, 2_000_000, 2), "L": (500_000, 20_000_000, 3)}
COUNTS = {
    "S": [235, 48, 104, 44, 483, 246, 234, 1_432, 70, 60, 101],
    "M": [10_046, 1_948, 2_728, 983, 19_727, 9_897, 9_929, 58_589, 1_632, 1_469, 2_668],
    "L": [100_164, 19_490, 27_488, 9_534, 198_211, 98_174, 99_688, 578_883, 16_238, 14_921, 26_371],
}
EXTRACT_DATE = "2025-12-31"


def duckdb(folder, out):
    import duckdb

    con = duckdb.connect()

    def load(table, name, columns):
        # All as text first, so that a cell that does not read is a finding and not a failed load.
        source = f"read_csv('{folder}/{name}.csv', delim=';', header=true, all_varchar=true, quote='\"', escape='\"')"
        con.execute(f"create temp table {table} as select row_number() over () r, {columns} from {source}")

    day = lambda c: f"try_strptime({c}, '%d-%m-%Y')::date"
    number = lambda c: f"replace({c}, ',', '.')::decimal(18,2)"
    load("sag", "sager", f"sags_id, {day('oprettet')} oprettet, lukket")
    load("bevilling", "bevillinger", f"bevilling_id, sags_id, {day('startdato')} fra, {day('slutdato')} til, slutdato, {number('beløb')} b, status")
    load("handling", "handlinger", f"sags_id, type, {day('udført')} udført")
    load("beregning", "tabt_arbejdsfortjeneste", f"{day('måned')} m, {number('timer')} t, {number('timeløn')} w, {number('pension')} p, {number('beløb')} b")
    load("betaling", "betalinger", f"sags_id, nullif(trim(bevilling_id), '') bevilling_id, kontostreng, art, {number('beløb')} b, {day('dato')} dato")
    caps = ", ".join(f"({y}, {c})" for y, c in [(2021, 196.15), (2022, 199.70), (2023, 204.12), (2024, 210.50), (2025, 218.90)])
    found = con.execute(f"""
        select 'C01' c, r from betaling where bevilling_id is null
        union all select 'C02', r from betaling where dato is null
        union all select 'C03', r from bevilling where status = 'Aktiv' and slutdato is null
        union all select 'C04', r from bevilling where til < fra
        union all select 'C05', r from betaling where not coalesce(regexp_full_match(kontostreng,
            '05[.](22|28|32|38|57|72)[.][0-9]{{2}}[.]1[.][0-9]{{3}}-[0-9]{{6}}'), false)
        union all select 'C06', r from betaling where coalesce(art, '') not in ('Løbende', 'Enkelt', 'Tilbagebetaling',
            'Regulering', 'Efterbetaling', 'Modregning', 'Refusion', 'Forskud')
        union all select 'C07', b.r from betaling b anti join bevilling g using (bevilling_id) where b.bevilling_id is not null
        union all select 'C08', b.r from betaling b join bevilling g using (bevilling_id) where b.dato < g.fra or b.dato > g.til
        union all select 'C09', s.r from sag s anti join (select h.sags_id from handling h join sag using (sags_id)
            where h.type = 'Børnefaglig undersøgelse' and h.udført between oprettet and oprettet + 120) done using (sags_id)
            where s.lukket is null and s.oprettet + 120 <= date '{EXTRACT_DATE}'
        union all select 'C10', s.r from sag s join (select sags_id, sum(b) g from bevilling group by 1) using (sags_id)
            left join (select sags_id, sum(b) p from betaling group by 1) using (sags_id)
            where abs(coalesce(p, 0) - g) * 100 > abs(g)
        union all select 'C11', l.r from beregning l left join (values {caps}) cap(y, c) on year(l.m) = cap.y
            where abs(l.b - (round(l.t * least(l.w, coalesce(cap.c, l.w)::decimal(18,2)), 2) + l.p)) > 0.01
        order by 1, 2""")
    rows = found.fetchall()
    pathlib.Path(out).write_text("".join(f"{check};{row}\n" for check, row in rows))


def timed(command, out):
    """Runs a command: wall and CPU seconds, peak MiB."""
    start = time.monotonic()
    with open(out, "wb") as stdout:
        child = subprocess.Popen(command, stdout=stdout)
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"failed: {' '.join(map(str, command))}")
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def counted(path, what, size):
    lines = pathlib.Path(path).read_text().splitlines()
    found = [sum(line.startswith(f"C{i:02};") for line in lines) for i in range(1, 12)]
    if found != COUNTS[size]:
        sys.exit(f"{what} finds {found}, expected {COUNTS[size]}")
    return lines


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("generator", type=pathlib.Path)
    words.add_argument("sagstjek", type=pathlib.Path)
    words.add_argument("--size", choices=SIZES, default="M")
    words.add_argument("--data", type=pathlib.Path, default=pathlib.Path("yardstick-data"))
    words.add_argument("--rounds", type=int, default=5)
    args = words.parse_args()
    folder = args.data / args.size
    if not (folder / "betalinger.csv").exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([args.generator, "csv", folder, *map(str, SIZES[args.size])], check=True)
    pack = pathlib.Path(__file__).parent
    ours, theirs, noise = args.data / "sagstjek.txt", args.data / "duckdb.txt", args.data / "duckdb.log"
    check = [args.sagstjek, "check", folder, "--pack", pack, "--extract-date", EXTRACT_DATE, "--exit-zero", "--format", "rows"]
    runs = {"duckdb": ([sys.executable, __file__, "--duckdb", folder, theirs], noise), "sagstjek": (check, ours)}
    measured = {name: [] for name in runs}
    for _ in range(args.rounds + 1):
        for name, (command, out) in runs.items():
            measured[name].append(timed(command, out))
    if counted(theirs, "DuckDB", args.size) != counted(ours, "sagstjek", args.size):
        sys.exit(f"the rows differ: compare {theirs} and {ours}")
    print(f"{args.size}: the same rows, as documented. Medians of {args.rounds} rounds after one to warm up:")
    for i, what in enumerate(["wall s", "CPU s", "peak MiB"]):
        of = {name: [run[i] for run in runs[1:]] for name, runs in measured.items()}
        ratios = [a / b for a, b in zip(of["sagstjek"], of["duckdb"])]
        medians = "  ".join(f"{name} {statistics.median(values):9.2f}" for name, values in of.items())
        print(f"{what:>9}  {medians}  ratio {statistics.median(ratios):.3f} ({min(ratios):.3f}-{max(ratios):.3f})")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--duckdb"]:
        duckdb(*sys.argv[2:])
    else:
        main()
