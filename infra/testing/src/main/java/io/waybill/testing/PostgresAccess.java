package io.waybill.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A PostgreSQL server and a user of it who may create databases. */
record PostgresAccess(String host, int port, String database, String user, String password, String parameters) {

    TestDatabase create(String name) {
        // UTF-8 whatever the server's own template has.
        execute("CREATE DATABASE " + name + " TEMPLATE template0 ENCODING 'UTF8'");
        return new TestDatabase(url(name), user, password);
    }

    void drop(String name) {
        execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    }

    private void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(url(database), user, password);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL at " + host + ":" + port + " refused: " + e.getMessage(), e);
        }
    }

    private String url(String name) {
        return "jdbc:postgresql://" + host + ":" + port + "/" + name + (parameters.isEmpty() ? "" : "?" + parameters);
    }

    @Override
    public String toString() {
        return "PostgreSQL[" + host + ":" + port + "]";
    }
}
