package io.waybill.gateway;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts the gateway; its settings are in {@code gateway.yml}, so that they shadow nobody else's. */
@SpringBootApplication(proxyBeanMethods = false)
@EnableConfigurationProperties({GatewaySettings.class, ProxySettings.class})
public class GatewayApplication {

    /** Starts a gateway; arguments such as {@code --server.port=0} override {@code gateway.yml}. */
    public static ConfigurableApplicationContext start(String... args) {
        return new SpringApplicationBuilder(GatewayApplication.class)
                .properties("spring.config.name=gateway")
                .run(args);
    }

    public static void main(String[] args) {
        start(args);
    }
}
