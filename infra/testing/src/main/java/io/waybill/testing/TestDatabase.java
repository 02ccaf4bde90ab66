package io.waybill.testing;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** An empty PostgreSQL database: its JDBC URL, and who may change it. */
public record TestDatabase(String url, String user, String password) {

    /** The settings with which Spring Boot uses it. */
    public Map<String, String> springProperties() {
        return Map.of(
                "spring.datasource.url", url,
                "spring.datasource.username", user,
                "spring.datasource.password", password);
    }

    /** Opens a new connection each time it is asked for one. */
    public DataSource dataSource() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setUser(user);
        source.setPassword(password);
        return source;
    }

    /** What a query finds: each row as JSON. */
    public List<String> rows(String query) {
        try (Connection connection = dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT row_to_json(r)::text FROM (" + query + ") AS r")) {
            List<String> rows = new ArrayList<>();
            while (found.next()) {
                rows.add(found.getString(1));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException("the query " + query + " failed: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return "TestDatabase[" + url + "]";
    }
}
