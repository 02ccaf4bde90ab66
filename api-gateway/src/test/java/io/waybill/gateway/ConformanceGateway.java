package io.waybill.gateway;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.testing.TestServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;

/**
 * The gateway in front of the origin of http-cache-tests, on routes that exist only here, so that the cache has nothing
 * to go by but the headers. Started by {@code src/test/http-cache-tests/run.mjs} with the port to listen on and the
 * origin's address.
 */
final class ConformanceGateway {

    private ConformanceGateway() {}

    public static void main(String[] args) {
        var redis = TestServers.redis();
        var arguments = new ArrayList<>(List.of(
                "--server.port=" + args[0],
                "--management.server.port=0",
                // A JVM that has just started is slow on a busy machine, and patience is not what is tried here: a 503
                // of the gateway's own failed another test each time.
                "--waybill.gateway.cache.redis-timeout=5s",
                "--waybill.gateway.connect-timeout=30s",
                "--waybill.gateway.response-timeout=30s",
                "--waybill.gateway.resilience.try-timeout=30s",
                "--waybill.gateway.resilience.slow-try=30s",
                // One client asks for everything, and the origin's errors are part of it.
                "--waybill.gateway.limits.policies.reading.quota=1000000",
                "--waybill.gateway.limits.policies.other.quota=1000000",
                "--waybill.gateway.resilience.failures=10000",
                "--waybill.gateway.resilience.tries=1",
                // Some of the origin's answers are longer than they say, which would spoil the next one on a
                // connection.
                "--spring.cloud.gateway.server.webflux.httpclient.pool.type=DISABLED",
                "--waybill.gateway.cache.key-prefix=" + TestServers.freshNamespace("conformance") + ":"));
        // Nobody logs in; without this accounts would need a database.
        var issuer = new StubIssuer();
        arguments.add("--waybill.security.issuer-uri=" + issuer.address());
        for (var context : BoundedContext.values()) {
            arguments.add("--waybill.gateway.contexts." + context.id() + "=" + args[1]);
        }
        redis.springProperties().forEach((name, value) -> arguments.add("--" + name + "=" + value));
        var gateway = new SpringApplicationBuilder(GatewayApplication.class, OpenRoutes.class)
                .properties("spring.config.name=gateway")
                .run(arguments.toArray(String[]::new));
        awaitStore(gateway.getBean(MeterRegistry.class));
        System.out.println("The gateway is ready");
    }

    private static void awaitStore(MeterRegistry meters) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> meters.get("waybill.cache.redis.up").gauge().value() == 1);
    }
}
