package io.waybill.standalone;

import io.waybill.embedded.AmqpServer;
import io.waybill.embedded.PostgresServer;
import io.waybill.embedded.RedisServer;
import io.waybill.standalone.traces.TraceServer;
import java.util.Optional;

/** The servers that the applications need, as they find them; that of traces only where somebody wants to see them. */
record Servers(PostgresServer postgres, AmqpServer amqp, RedisServer redis, Optional<TraceServer> traces) {}
