package io.waybill.observability;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.boot.logging.logback.WhitespaceThrowableProxyConverter;

/** Lines as the pattern of all processes makes them. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LogLinesTest {

    private static final String HOSTILE =
            "x\r\n2026-01-01T00:00:00.000Z ERROR forged\u0085\u2028\u2029\u001b[31m\u0000\b\tend";

    private final LoggerContext context = new LoggerContext();

    @Test
    void an_event_is_one_line_whatever_somebody_typed() {
        String line = line(HOSTILE, null, Map.of());

        assertThat(line).endsWith("end\n").contains("forged");
        assertThat(line.strip()).doesNotContainPattern("[\\p{Cc}\\u2028\\u2029]");
    }

    @Test
    void a_stack_trace_goes_on_in_the_line() {
        String line = line("It failed", new IllegalStateException(HOSTILE, new IOException(HOSTILE)), Map.of());

        assertThat(line.strip())
                .contains("It failed | ", "IllegalStateException", "Caused by", " | at io.waybill")
                .doesNotContainPattern("[\\p{Cc}\\u2028\\u2029]");
        assertThat(line.split("Caused by", -1)).as("said once").hasSize(2);
    }

    @Test
    void trace_and_order_stand_in_front_and_nothing_where_there_is_neither() {
        assertThat(line("a", null, Map.of("traceId", "4bf9", "orderId", "ord_1")))
                .contains(" [4bf9 ord_1] ");
        assertThat(line("a", null, Map.of())).contains("[main] io.waybill.Test");
    }

    private String line(String message, @Nullable Throwable failure, Map<String, String> diagnostics) {
        PatternLayout layout = new PatternLayout();
        layout.setContext(context);
        // As Spring Boot has it.
        layout.getInstanceConverterMap().put("wEx", WhitespaceThrowableProxyConverter::new);
        layout.setPattern(pattern());
        layout.start();
        var event = new LoggingEvent(
                "caller", context.getLogger("io.waybill.Test"), Level.WARN, "{}", failure, new Object[] {message});
        event.setThreadName("main");
        event.setMDCPropertyMap(diagnostics);
        return layout.doLayout(event);
    }

    private static String pattern() {
        return requireNonNull(ObservabilityDefaults.properties().getProperty("logging.pattern.console"));
    }
}
