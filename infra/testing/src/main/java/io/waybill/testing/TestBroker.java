package io.waybill.testing;

import java.util.Map;

/** An AMQP 0-9-1 broker and who may use it. */
public record TestBroker(String host, int port, String user, String password, String virtualHost) {

    /** The settings with which Spring Boot uses it. */
    public Map<String, String> springProperties() {
        return Map.of(
                "spring.rabbitmq.host", host,
                "spring.rabbitmq.port", Integer.toString(port),
                "spring.rabbitmq.username", user,
                "spring.rabbitmq.password", password,
                "spring.rabbitmq.virtual-host", virtualHost);
    }

    @Override
    public String toString() {
        return "TestBroker[" + host + ":" + port + " " + virtualHost + "]";
    }
}
