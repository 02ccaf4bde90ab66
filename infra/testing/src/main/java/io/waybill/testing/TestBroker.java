package io.waybill.testing;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeoutException;

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

    Connection connect() throws IOException {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(host);
        factory.setPort(port);
        factory.setUsername(user);
        factory.setPassword(password);
        factory.setVirtualHost(virtualHost);
        try {
            return factory.newConnection("waybill-tests");
        } catch (TimeoutException e) {
            throw new IOException("the broker at " + host + ":" + port + " does not answer", e);
        }
    }

    @Override
    public String toString() {
        return "TestBroker[" + host + ":" + port + " " + virtualHost + "]";
    }
}
