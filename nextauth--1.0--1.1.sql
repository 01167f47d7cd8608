/*
 * Version 1.0 -> 1.1: what src/nextauth.sql has beyond 1.0.
 *
 * ALTER EXTENSION nextauth UPDATE runs this.  A database that was updated has
 * the same objects as one in which 1.1 was created; test/t/022_versions.pl
 * compares them.
 */

-- complain if the script is sourced in psql, rather than via ALTER EXTENSION
\echo Use "ALTER EXTENSION nextauth UPDATE TO '1.1'" to load this file. \quit

-- Nothing that somebody made in schema nextauth is to be found from here
SET LOCAL search_path = pg_catalog, pg_temp;
