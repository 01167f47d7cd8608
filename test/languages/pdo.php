<?php
// PDO signs a user up through the views of an adapter, and reads the catalog. The environment says where, as for libpq.
function equal($given, $expected)
{
    if ($given !== $expected) {
        throw new Exception(var_export($given, true) . ' instead of ' . var_export($expected, true));
    }
}

// The SQLSTATE of the error that the call is to raise
function state(callable $call)
{
    try {
        $call();
    } catch (PDOException $e) {
        return $e->getCode();
    }
    throw new Exception('no error');
}

$db = new PDO('pgsql:');
$db->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);
$db->exec('SET search_path = nextauth_pg');
$run = function ($sql, array $values = []) use ($db) {
    $statement = $db->prepare($sql);
    $statement->execute($values);
    return $statement;
};

$user = $run('INSERT INTO users (name, email, "phoneNumber", roles) VALUES (?, ?, ?, ?) RETURNING *',
    ['Ada', 'ada@php.example', '+49', '{user,admin}'])->fetch(PDO::FETCH_ASSOC);
equal([$user['name'], $user['email'], $user['phoneNumber'], $user['roles']], ['Ada', 'ada@php.example', '+49', '{user,admin}']);
$expires = '2031-02-03T04:05:06.789Z';
$run('INSERT INTO sessions ("userId", "sessionToken", expires) VALUES (?, ?, ?)', [$user['id'], 'php', $expires]);
equal($run('SELECT u.id FROM users u JOIN sessions s ON s."userId" = u.id WHERE "sessionToken" = ? AND expires = ?',
    ['php', $expires])->fetchColumn(), $user['id']);

equal(state(fn() => $run('INSERT INTO users (email) VALUES (?)', ['ada@php.example'])), '23505');
equal($run("SELECT property, data_type FROM nextauth.model_columns WHERE model = 'User' AND is_custom ORDER BY property")
    ->fetchAll(PDO::FETCH_KEY_PAIR), ['phoneNumber' => 'character varying', 'roles' => 'text[]']);
$schema = json_decode($run("SELECT nextauth.entity_schema('User')")->fetchColumn(), true);
equal($schema['columns']['phoneNumber']['type'], 'varchar');
equal(state(fn() => $run('SELECT nextauth.extend_model(?, ?)', ['User', '{"x": {"type": "int", "nullable": true}}'])), '42501');
