package io.waybill.testing;

import java.util.Map;

/** An empty PostgreSQL database: its JDBC URL, and who may change it. */
public record TestDatabase(String url, String user, String password) {

    /** The settings with which Spring Boot uses it. */
    public Map<String, String> springProperties() {
        return Map.of(
                "spring.datasource.url", url,
                "spring.datasource.username", user,
                "spring.datasource.password", password);
    }

    @Override
    public String toString() {
        return "TestDatabase[" + url + "]";
    }
}
