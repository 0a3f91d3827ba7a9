"""Databases for tests, as the programs that keep them write them: SQLite, mysqldump, pg_dump."""

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

Cell = str | int | bytes | None
Rows = Sequence[Sequence[Cell]]
Tables = Mapping[str, tuple[str, Rows]]
"""Table → its columns as `name type, name type`, and its rows."""

MYSQL_HEAD = """-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)
--
-- Host: localhost    Database: forum
-- ------------------------------------------------------
-- Server version\t8.0.36

/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!50503 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
"""
MYSQL_TABLE = """
--
-- Table structure for table `{name}`
--

DROP TABLE IF EXISTS `{name}`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `{name}` (
{columns},
  PRIMARY KEY (`{first}`),
  KEY `idx_{first}` (`{first}`(30),`{last}`)
) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 COMMENT='it''s; (a table)';
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `{name}`
--

LOCK TABLES `{name}` WRITE;
/*!40000 ALTER TABLE `{name}` DISABLE KEYS */;
{rows}/*!40000 ALTER TABLE `{name}` ENABLE KEYS */;
UNLOCK TABLES;
"""
MYSQL_TAIL = """
/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;

-- Dump completed on 2020-01-01  0:00:00
"""
POSTGRES_HEAD = """--
-- PostgreSQL database dump
--

\\restrict 8e1mG

-- Dumped from database version 16.4
-- Dumped by pg_dump version 16.4

SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);

--
-- Name: f(); Type: FUNCTION; Schema: public; Owner: forum
--

CREATE FUNCTION public.f() RETURNS trigger
    LANGUAGE plpgsql
    AS $_$BEGIN INSERT INTO t VALUES ('a;''b'); /* it's */ RETURN NEW; END;$_$;

"""
POSTGRES_TABLE = """--
-- Name: {name}; Type: TABLE; Schema: public; Owner: forum
--

CREATE TABLE public.{name} (
{columns},
    CONSTRAINT {name}_{first}_check CHECK (({first} >= (0)::bigint))
);


ALTER TABLE public.{name} OWNER TO forum;

"""
SQLITE_ROW = "INSERT INTO {name} VALUES ({row})"
POSTGRES_ROW = "INSERT INTO public.{name} VALUES ({row});\n"
MYSQL_ROWS = "INSERT INTO `{name}` VALUES {rows};\n"
POSTGRES_TAIL = "--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict 8e1mG\n\n"
MYSQL_ESCAPES = {"\\": "\\\\", "'": "\\'", '"': '\\"', "\n": "\\n", "\r": "\\r", "\0": "\\0"}
COPY_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


def sqlite_file(path: Path, tables: Tables) -> Path:
    with sqlite3.connect(path) as connection:
        for name, (columns, rows) in tables.items():
            connection.execute(f"CREATE TABLE {name} ({columns})")
            marks = ", ".join("?" for _ in columns.split(","))
            connection.executemany(SQLITE_ROW.format(name=name, row=marks), rows)
    connection.close()
    return path


def mysql_dump(tables: Tables) -> str:
    """As `mysqldump` writes it: tables by name, many rows a statement, all of it on one line."""
    parts = [MYSQL_HEAD]
    for name in sorted(tables):
        columns, rows = tables[name]
        named = [column.strip().split(" ", 1) for column in columns.split(",")]
        values = ",".join(f"({','.join(map(mysql_value, row))})" for row in rows)
        said = MYSQL_ROWS.format(name=name, rows=values) if rows else ""
        lines = ",\n".join(f"  `{column}` {kind} NOT NULL DEFAULT ''" for column, kind in named)
        edges = {"first": named[0][0], "last": named[-1][0]}
        parts.append(MYSQL_TABLE.format(name=name, columns=lines, rows=said, **edges))
    return "".join([*parts, MYSQL_TAIL])


def mysql_value(value: Cell) -> str:
    if isinstance(value, bytes):
        return "_binary '" + "".join(MYSQL_ESCAPES.get(chr(b), chr(b)) for b in value) + "'"
    if isinstance(value, str):
        return "'" + "".join(MYSQL_ESCAPES.get(c, c) for c in value) + "'"
    return "NULL" if value is None else str(value)


def postgres_dump(tables: Tables, with_inserts: bool = False) -> str:
    """As `pg_dump` writes it: all tables made, then their rows by COPY or by INSERT."""
    made = [POSTGRES_HEAD]
    filled = []
    for name in sorted(tables):
        columns, rows = tables[name]
        named = [column.strip().split(" ", 1) for column in columns.split(",")]
        lines = ",\n".join(f"    {column} {kind} NOT NULL" for column, kind in named)
        made.append(POSTGRES_TABLE.format(name=name, columns=lines, first=named[0][0]))
        if with_inserts:
            said = (", ".join(map(standard_value, row)) for row in rows)
            filled += [POSTGRES_ROW.format(name=name, row=row) for row in said]
        else:
            filled.append(f"COPY public.{name} ({', '.join(c for c, _ in named)}) FROM stdin;\n")
            filled += ["\t".join(map(copy_value, row)) + "\n" for row in rows]
            filled.append("\\.\n\n\n")
    return "".join([*made, *filled, POSTGRES_TAIL])


def standard_value(value: Cell) -> str:
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return "NULL" if value is None else str(value)


def copy_value(value: Cell) -> str:
    if isinstance(value, bytes):
        return f"\\\\x{value.hex()}"
    if isinstance(value, str):
        return "".join(COPY_ESCAPES.get(c, c) for c in value)
    return "\\N" if value is None else str(value)
