/*-------------------------------------------------------------------------
 *
 * declare.h
 *	  What the author of a definition said
 *
 *-------------------------------------------------------------------------
 */
#ifndef DECLARE_H
#define DECLARE_H

#include "catalog/nextauth_catalog.h"

/* The parts of a model's definition that are not columns */
typedef struct ModelSpec
{
	List	   *indexes;		/* of IndexSpec */
	List	   *uniques;		/* of IndexSpec */
	List	   *checks;			/* of CheckSpec */
} ModelSpec;

/* literal.c: JSON values of a definition as literals of PostgreSQL */
extern char *string_of(const JsonbValue *value);
extern char *number_of(const JsonbValue *value);
extern bool is_array(const JsonbValue *value);
extern bool is_object(const JsonbValue *value);
extern char *default_literal(const ColumnSpec *column, const JsonbValue *value);

/* column_spec.c: jsonb -> ColumnSpec: TypeORM's column options, table-driven and strict */
extern List *parse_columns(const Model *model, JsonbContainer *columns);
extern void check_deferrable(const char *deferrable);

/* model_spec.c: jsonb -> ModelSpec: what TypeORM's entity options say beside columns */
extern ModelSpec *parse_model_options(const Model *model,
									  JsonbContainer *options,
									  bool with_columns);

/* resolve.c: completes a definition by what is there: enum types, foreign keys, expressions */
extern void complete_column(const Model *model, const Table *table,
							ColumnSpec *desired, List *actual);
extern void check_shared_enums(List *columns);
extern void check_same_labels(const ColumnSpec *column,
							  const ColumnSpec *other);
extern List *merge_columns(List *actual, List *desired);
extern void complete_index(const Model *model, List *columns,
						   IndexSpec *index);
extern List *columns_of_properties(const Model *model, List *columns,
								   List *properties);

#endif							/* DECLARE_H */
