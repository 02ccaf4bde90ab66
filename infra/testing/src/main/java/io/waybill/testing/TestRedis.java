package io.waybill.testing;

import java.util.Map;

/** A Redis server; user and password are empty where it asks for none. */
public record TestRedis(String host, int port, String user, String password, int database) {

    /** The settings with which Spring Boot uses it. */
    public Map<String, String> springProperties() {
        return Map.of(
                "spring.data.redis.host", host,
                "spring.data.redis.port", Integer.toString(port),
                "spring.data.redis.username", user,
                "spring.data.redis.password", password,
                "spring.data.redis.database", Integer.toString(database));
    }

    @Override
    public String toString() {
        return "TestRedis[" + host + ":" + port + "/" + database + "]";
    }
}
