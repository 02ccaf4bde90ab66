package io.waybill.gateway.performance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;

/**
 * Spring Cloud Gateway as it comes, on the libraries that the gateway has, with one route for each context and nothing
 * else.
 */
@EnableAutoConfiguration(
        excludeName = {
            "org.springframework.boot.autoconfigure.amqp.RabbitAutoConfiguration",
            "org.springframework.boot.autoconfigure.data.redis.RedisAutoConfiguration",
            "org.springframework.boot.autoconfigure.data.redis.RedisReactiveAutoConfiguration",
            "org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration",
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.reactive.ReactiveSecurityAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.reactive.ReactiveUserDetailsServiceAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.oauth2.resource.reactive"
                    + ".ReactiveOAuth2ResourceServerAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.security.reactive"
                    + ".ReactiveManagementWebSecurityAutoConfiguration",
            "org.springframework.cloud.gateway.config.GatewayRedisAutoConfiguration",
        })
final class BareProxy {

    private static final List<String> ROUTES = List.of("products", "orders", "payments", "shipments");

    private BareProxy() {}

    /** With the port to listen on, and the address of all contexts. */
    public static void main(String[] args) {
        Program.endWithParent();
        var settings = new ArrayList<>(List.of(
                "--server.address=127.0.0.1",
                "--server.port=" + args[0],
                "--management.server.port=0",
                "--management.server.address=127.0.0.1",
                "--spring.main.web-application-type=reactive",
                "--spring.cloud.refresh.enabled=false",
                "--spring.cloud.discovery.enabled=false",
                "--logging.level.root=WARN"));
        for (int i = 0; i < ROUTES.size(); i++) {
            var route = "--spring.cloud.gateway.server.webflux.routes[" + i + "].";
            settings.addAll(Arrays.asList(
                    route + "id=" + ROUTES.get(i),
                    route + "uri=" + args[1],
                    route + "predicates[0]=Path=/api/" + ROUTES.get(i) + "/**"));
        }
        new SpringApplicationBuilder(BareProxy.class)
                .properties("spring.config.name=bare")
                .run(settings.toArray(String[]::new));
    }
}
