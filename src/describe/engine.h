/*-------------------------------------------------------------------------
 *
 * engine.h
 *	  Models in another database: MySQL, MariaDB, SQLite and MongoDB
 *
 * engine.c makes an EngineModel of a model.  Both the EntitySchema and the
 * statements are printed from it, so they agree.
 *
 *-------------------------------------------------------------------------
 */
#ifndef ENGINE_H
#define ENGINE_H

#include "describe.h"

/* How another database stores a value, which decides what a default looks like */
typedef enum Storage
{
	STORED_AS_STRING,
	STORED_AS_TEXT,				/* of any length */
	STORED_AS_JSON,
	STORED_AS_ENUM,
	STORED_AS_INTEGER,
	STORED_AS_DECIMAL,
	STORED_AS_FLOAT,
	STORED_AS_BOOLEAN,
	STORED_AS_TIMESTAMP,
	STORED_AS_DATE,
	STORED_AS_TIME,
	STORED_AS_BYTES,
	NOT_STORED					/* the column is left out */
} Storage;

/*
 * A type of PostgreSQL in another database.  In "check", %c is the column.
 */
typedef struct EngineType
{
	const char *type;			/* PostgreSQL's bare name; NULL ends a table
								 * and is for all that it does not have */
	Storage		storage;
	const char *name;			/* TypeORM's for that database */
	const char *column;			/* as TypeORM creates it; NULL: the same */
	int			length;			/* of a column that has none; 0: none */
	int			precision;
	int			scale;
	const char *collation;
	const char *check;			/* refuses what PostgreSQL would refuse */
	const char *remark;			/* what is different there */
} EngineType;

/* A row of a table of types, with the further fields that it needs */
#define TYPE(postgres, stored, typeorm, ...) \
	{.type = postgres, .storage = stored, .name = typeorm, __VA_ARGS__}

/* What the default of a column is to TypeORM */
typedef enum DefaultKind
{
	NO_DEFAULT,
	DEFAULT_NUMBER,
	DEFAULT_BOOLEAN,
	DEFAULT_STRING,
	DEFAULT_EXPRESSION
} DefaultKind;

typedef struct EngineColumn
{
	const ColumnSpec *spec;		/* without domains */
	const EngineType *type;
	const char *name;			/* of the column or field */
	const char *left_out;		/* why it is not there; NULL: it is */
	bool		is_indexed;
	int			length;			/* -1: none, as of the next two */
	int			precision;
	int			scale;
	bool		unique;
	bool		increments;		/* its values are generated one after another */
	bool		makes_uuid;		/* TypeORM generates its values */
	const char *comment;
	DefaultKind default_kind;
	const char *default_value;	/* in the EntitySchema */
	const char *default_sql;	/* in a statement; NULL: none */
	const char *on_update;		/* in a statement */
	const char *check;			/* in a statement */
	List	   *remarks;		/* of char * */
} EngineColumn;

typedef struct EngineIndex
{
	const char *name;
	List	   *columns;		/* of EngineColumn */
	const char *where;
} EngineIndex;

typedef struct EngineCheck
{
	const char *name;
	const char *expression;
} EngineCheck;

typedef struct EngineReference
{
	const char *name;
	const char *target;			/* a model */
	const char *target_table;
	const EngineColumn *column;
	const char *target_property;
	const char *target_column;
	const char *on_delete;
	const char *on_update;
} EngineReference;

typedef struct EngineModel
{
	const struct Engine *engine;
	const Model *model;
	const char *table_name;
	List	   *columns;		/* of EngineColumn, with those left out */
	List	   *indexes;		/* of EngineIndex */
	List	   *unique_indexes; /* of EngineIndex */
	List	   *uniques;		/* of EngineIndex, constraints of several
								 * columns */
	List	   *checks;			/* of EngineCheck */
	List	   *references;		/* of EngineReference */
	List	   *remarks;		/* of char * */
} EngineModel;

typedef struct Engine
{
	const char *name;			/* TypeORM's of the driver */
	const EngineType *types;
	const EngineType *json;
	const EngineType *array;
	const EngineType *enumeration;
	bool		renames;		/* columns have other names than properties */
	bool		has_checks;
	bool		has_partial_indexes;
	bool		nulls_differ;	/* in a unique index */
	int			max_comment;	/* length of a column's; 0: it has none */
	int			max_key;		/* bytes of an index; 0: any number */
	char		quote;			/* around names */
	const char *(*quote_string) (const char *text);
	bool		(*takes_label) (const char *label);
	void		(*fit_type) (EngineColumn *column, bool is_indexed);
	void		(*fit_default) (EngineColumn *column, const char *value);
	void		(*fit_row) (EngineModel *model);	/* NULL: a row can be long */
	void		(*print) (StringInfo buf, List *models);
	void		(*print_export) (StringInfo buf, List *models);
} Engine;

/* engine_text.c: names, literals and remarks in statements for another database */
extern void add_remark(EngineColumn *column, const char *remark);
extern void append_remarks(StringInfo buf, const EngineModel *model,
						   const char *prefix);
extern char *quote_engine_name(const Engine *engine, const char *name);
extern char *quote_engine_columns(const Engine *engine, List *columns);
extern const char *quote_standard_string(const char *text);
extern char *engine_check(const EngineModel *model, const EngineColumn *column);
extern const char *print_engine_time(const EngineColumn *column);
extern int	engine_bytes(const EngineColumn *column);

/* plain_expression.c: an expression that means the same in another database */
extern char *print_plain_expression(const char *expression,
									const EngineModel *model);

/* mysql.c: MySQL and MariaDB */
extern const Engine mysql_engine;
extern const Engine mariadb_engine;

/* sqlite.c: SQLite */
extern const Engine sqlite_engine;

/* mongodb.c: MongoDB */
extern const Engine mongodb_engine;

/* engine.c: a model of PostgreSQL as another database can have it */
extern const Engine *find_engine(const char *name);
extern EngineModel *make_engine_model(const Engine *engine, const Model *model);

/* engine_schema.c: a model as options of an EntitySchema for another driver */
extern JsonbValue *push_engine_schema(JsonbParseState **state,
									  const char *key,
									  const EngineModel *model);

#endif							/* ENGINE_H */
