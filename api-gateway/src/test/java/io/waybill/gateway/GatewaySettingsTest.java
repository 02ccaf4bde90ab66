package io.waybill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.unit.DataSize;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class GatewaySettingsTest {

    private final ApplicationContextRunner shipped = new ApplicationContextRunner()
            .withInitializer(new ConfigDataApplicationContextInitializer())
            .withSystemProperties("spring.config.name=gateway")
            .withUserConfiguration(Settings.class);

    @Test
    void what_is_shipped_expects_the_contexts_on_this_machine() {
        shipped.run(context -> {
            var settings = context.getBean(GatewaySettings.class);
            assertThat(settings.contexts())
                    .containsEntry(BoundedContext.ORDER, URI.create("http://localhost:8081"))
                    .containsEntry(BoundedContext.PAYMENT, URI.create("http://localhost:8082"))
                    .containsEntry(BoundedContext.INVENTORY, URI.create("http://localhost:8083"))
                    .containsEntry(BoundedContext.SHIPPING, URI.create("http://localhost:8084"));
            assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(1));
            assertThat(settings.responseTimeout()).isEqualTo(Duration.ofSeconds(10));
            assertThat(settings.maxBody()).isEqualTo(DataSize.ofKilobytes(64));
            assertThat(context.getEnvironment().getProperty("server.port")).isEqualTo("8080");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "waybill.gateway.contexts.order=",
                "waybill.gateway.contexts.order=localhost:8081",
                "waybill.gateway.contexts.order=file:///etc/passwd",
                "waybill.gateway.contexts.order=http://user:secret@localhost:8081",
                "waybill.gateway.contexts.order=http://localhost:8081/prefix",
                "waybill.gateway.contexts.billing=http://localhost:8085",
                "waybill.gateway.connect-timeout=0s",
                "waybill.gateway.response-timeout=-1s",
                "waybill.gateway.max-body=0",
                "waybill.gateway.merged-lists[0]=/api/admin/**",
            })
    void a_setting_that_makes_no_sense_stops_the_start(String setting) {
        shipped.withPropertyValues(setting).run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure()).rootCause().message().isNotEmpty();
        });
    }

    @EnableConfigurationProperties(GatewaySettings.class)
    static class Settings {}
}
