/*-------------------------------------------------------------------------
 *
 * sequelize.c
 *	  Models as models of Sequelize
 *
 * A default is PostgreSQL's: Sequelize inserts the word DEFAULT and reads what
 * came of it.  What it has no type for is text to it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "describe.h"

static void print_model(StringInfo buf, const DescribedModel *model,
						bool *uses_literal);
static void print_attribute(StringInfo buf, const DescribedColumn *column,
							bool is_key, bool *uses_literal);
static void append_type(StringInfo buf, const DescribedColumn *column);
static void print_options(StringInfo buf, const DescribedModel *model);

/*
 * Print the models as a function that defines them.
 */
void
print_sequelize(StringInfo buf, List *models)
{
	StringInfoData definitions;
	bool		uses_literal = false;
	ListCell   *lc;

	initStringInfo(&definitions);
	foreach(lc, models)
		print_model(&definitions, lfirst(lc), &uses_literal);

	appendStringInfo(buf, "import { DataTypes%s } from \"sequelize\"\n"
					 "\n"
					 "// SequelizeAdapter(sequelize, { synchronize: false, models: models(sequelize) })\n"
					 "export const models = (sequelize) => ({\n"
					 "%s"
					 "})\n",
					 uses_literal ? ", literal" : "", definitions.data);
}

static void
print_model(StringInfo buf, const DescribedModel *model, bool *uses_literal)
{
	const char *name = model->definition->entity;
	ListCell   *lc;

	/* Sequelize names the association with a user after the model */
	appendStringInfo(buf, "  %s: sequelize.define(\"%c%s\", {\n", name,
					 pg_tolower((unsigned char) name[0]), name + 1);
	foreach(lc, model->columns)
	{
		const DescribedColumn *column = lfirst(lc);

		print_attribute(buf, column,
						column->column->primary ||
						(strcmp(name, "VerificationToken") == 0 &&
						 strcmp(column->property, "token") == 0),
						uses_literal);
	}
	appendStringInfoString(buf, "  }, { ");
	print_options(buf, model);
	appendStringInfoString(buf, " }),\n");
}

static void
print_attribute(StringInfo buf, const DescribedColumn *column, bool is_key,
				bool *uses_literal)
{
	const ColumnSpec *spec = column->column;
	const char *plain = "abcdefghijklmnopqrstuvwxyz0123456789";

	/* Quotes it takes away, and the others have a meaning to it */
	if (strpbrk(column->name, "\"`$()") || has_object_name(column))
	{
		append_left_out(buf, "    ", "a name that Sequelize does not take", column);
		return;
	}

	append_comment(buf, "    ", spec->comment);
	appendStringInfoString(buf, "    ");
	append_key(buf, column->property);
	appendStringInfoString(buf, ": { type: ");
	append_type(buf, column);

	/* It would derive one from another property, and not as TypeORM does */
	if (strcmp(column->name, column->property) != 0 ||
		(column->is_custom && column->property[strspn(column->property, plain)] != '\0'))
	{
		appendStringInfoString(buf, ", field: ");
		append_string(buf, column->name);
	}
	if (is_key)
		appendStringInfoString(buf, ", primaryKey: true");
	else
	{
		/* What is computed nobody gives */
		if (!spec->nullable && spec->as_expression == NULL)
			appendStringInfoString(buf, ", allowNull: false");
		if (spec->unique)
			appendStringInfoString(buf, ", unique: true");
	}
	/* Of a date of update it would write the default when it updates */
	if (column->has_default && spec->role != ROLE_UPDATE_DATE)
	{
		appendStringInfoString(buf, ", defaultValue: literal(\"DEFAULT\")");
		*uses_literal = true;
	}
	appendStringInfoString(buf, " },\n");
}

static void
append_type(StringInfo buf, const DescribedColumn *column)
{
	const ColumnSpec *spec = column->column;
	TypeModifiers modifiers = type_modifiers(spec);
	const char *name = column->type->sequelize;
	int			takes = name ? column->type->flags : 0;

	if (spec->is_array)
		appendStringInfoString(buf, "DataTypes.ARRAY(");
	appendStringInfoString(buf, "DataTypes.");

	/* Sequelize would cast an array to an enum that it named */
	if (spec->enum_labels && !spec->is_array)
	{
		appendStringInfoString(buf, "ENUM(");
		append_list(buf, spec->enum_labels, ", ");
		appendStringInfoChar(buf, ')');
	}
	else
		appendStringInfoString(buf, name ? name : "TEXT");
	if ((takes & TYPE_LENGTH) && modifiers.length >= 0)
		appendStringInfo(buf, "(%d)", modifiers.length);
	else if ((takes & TYPE_SCALE) && modifiers.precision >= 0)
		appendStringInfo(buf, "(%d, %d)", modifiers.precision, modifiers.scale);
	if (spec->is_array)
		appendStringInfoChar(buf, ')');
}

/*
 * The options of a model: what is not to be read unless asked for is left out
 * by default, and a date of update is Sequelize's to set.
 */
static void
print_options(StringInfo buf, const DescribedModel *model)
{
	const DescribedColumn *update_date = NULL;
	List	   *hidden = NIL;
	ListCell   *lc;

	foreach(lc, model->columns)
	{
		const DescribedColumn *column = lfirst(lc);

		if (!column->column->select)
			hidden = lappend(hidden, unconstify(char *, column->property));
		if (column->column->role == ROLE_UPDATE_DATE)
			update_date = column;
	}

	appendStringInfo(buf, "tableName: \"%s\", underscored: true, ", model->name);
	if (update_date)
	{
		appendStringInfoString(buf, "timestamps: true, createdAt: false, updatedAt: ");
		append_string(buf, update_date->property);
	}
	else
		appendStringInfoString(buf, "timestamps: false");
	if (hidden)
	{
		appendStringInfoString(buf, ", defaultScope: { attributes: { exclude: [");
		append_list(buf, hidden, ", ");
		appendStringInfoString(buf, "] } }");
	}
}
