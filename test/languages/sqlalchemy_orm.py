# SQLAlchemy signs a user up through the views of an adapter, which it reflects, and reads the catalog.
# The environment says where, as for libpq.
import datetime

import sqlalchemy as sa
from sqlalchemy.ext.automap import automap_base
from sqlalchemy.orm import Session

engine = sa.create_engine("postgresql+psycopg2://")
metadata = sa.MetaData()
for view in ("users", "sessions"):
    # Views have no keys, so the program names them
    sa.Table(view, metadata, sa.Column("id", sa.Text, primary_key=True, server_default=sa.FetchedValue()),
             schema="nextauth_pg", autoload_with=engine)
Base = automap_base(metadata=metadata)
Base.prepare()
User, Login = Base.classes.users, Base.classes.sessions

with Session(engine) as session:
    # The ORM names every column that is set, and no other
    user = User(name="Ada", email="ada@python.example", phoneNumber="+44", roles=["user", "admin"])
    session.add(user)
    session.flush()
    assert user.id
    expires = datetime.datetime(2031, 2, 3, 4, 5, 6, 789000, datetime.timezone.utc)
    session.add(Login(userId=user.id, sessionToken="python", expires=expires))
    session.commit()

    found = session.query(User).filter_by(email="ada@python.example").one()
    assert (found.name, found.phoneNumber, found.roles) == ("Ada", "+44", ["user", "admin"])
    assert session.query(Login).filter_by(userId=found.id).one().expires == expires

    try:
        with session.begin_nested():
            session.add(User(email="ada@python.example", roles=[]))
            session.flush()
        raise AssertionError("a second user has the address")
    except sa.exc.IntegrityError as error:
        assert error.orig.pgcode == "23505", error.orig.pgcode

with engine.connect() as connection:
    columns = connection.execute(sa.text(
        "SELECT property, data_type, comment FROM nextauth.model_columns WHERE model = 'User' AND is_custom ORDER BY property")).all()
    assert columns == [("phoneNumber", "character varying", "E.164"), ("roles", "text[]", None)], columns
    schema = connection.execute(sa.text("SELECT nextauth.entity_schema('User')")).scalar_one()
    assert schema["columns"]["phoneNumber"]["type"] == "varchar", schema
    try:
        connection.execute(sa.text("""SELECT nextauth.extend_model('User', '{"x": {"type": "int", "nullable": true}}')"""))
        raise AssertionError("an application extended a model")
    except sa.exc.ProgrammingError as error:
        assert error.orig.pgcode == "42501", error.orig.pgcode
