package io.waybill.testing;

import io.waybill.embedded.AmqpServer;
import io.waybill.embedded.PostgresServer;
import io.waybill.embedded.RedisServer;

/** The embedded servers, on temporary folders. */
final class Embedded {

    private static final String LOOPBACK = "127.0.0.1";

    private Embedded() {}

    static PostgresAccess postgres(CloseAtExit atExit) {
        PostgresServer server = PostgresServer.temporary();
        atExit.close(server);
        return new PostgresAccess(LOOPBACK, server.port(), "postgres", server.user(), server.password(), "");
    }

    static TestBroker broker(CloseAtExit atExit) {
        AmqpServer server = AmqpServer.temporary();
        atExit.close(server);
        return new TestBroker(LOOPBACK, server.port(), server.user(), server.password(), "/");
    }

    static TestRedis redis(CloseAtExit atExit) {
        RedisServer server = RedisServer.temporary();
        atExit.close(server);
        return new TestRedis(LOOPBACK, server.port(), "", server.password(), 0);
    }
}
