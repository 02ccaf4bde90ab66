package io.waybill.observability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.logging.LoggingSystemProperty;

/** Logs of a process that was asked for JSON, and of one that was not. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class StructuredLogsTest {

    private static final String HOSTILE = "x\r\n{\"message\":\"forged\"}\u2028\u0000\u001b[31m \"end";

    @TempDir
    private Path folder;

    /** Other tests of this JVM log as they did before. */
    @AfterEach
    void forget() {
        System.clearProperty(LoggingSystemProperty.FILE_STRUCTURED_FORMAT.getEnvironmentVariableName());
        LoggingSystem.get(StructuredLogsTest.class.getClassLoader()).cleanUp();
    }

    @ParameterizedTest
    @CsvSource({
        "ecs, /log/level, /message, /error/stack_trace, /@timestamp",
        "logstash, /level, /message, /stack_trace, /@timestamp"
    })
    void an_event_is_one_document_whatever_somebody_typed(
            String format, String level, String message, String stackTrace, String time) throws IOException {
        var told = new ArrayList<JsonNode>();
        for (var line : logged("--logging.structured.format.file=" + format)) {
            told.add(new ObjectMapper().readTree(line));
        }

        assertThat(told)
                .filteredOn(event -> event.at(message).asText().equals(HOSTILE))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.at(level).asText()).isEqualTo("WARN");
                    assertThat(event.at(stackTrace).asText()).contains("IllegalStateException", HOSTILE);
                    assertThat(event.at(time).asText()).isNotEmpty();
                    assertThat(event.path("traceId").asText()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
                    assertThat(event.path("orderId").asText()).startsWith("ord_");
                });
    }

    @Test
    void without_that_setting_an_event_is_a_line_of_text() throws IOException {
        assertThat(logged())
                .filteredOn(line -> line.contains("forged"))
                .singleElement()
                .asString()
                .contains(" WARN ", " [4bf92f3577b34da6a3ce929d0e0e4736 ord_");
    }

    private List<String> logged(String... settings) throws IOException {
        var file = folder.resolve("process.log");
        var application = new SpringApplicationBuilder(StructuredLogsTest.class)
                .web(WebApplicationType.NONE)
                .properties(ObservabilityDefaults.properties())
                .properties("logging.file.name=" + file, "spring.main.banner-mode=off", "spring.application.name=x");
        try (var process = application.run(settings)) {
            assertThat(process.isActive()).isTrue();
            MDC.put("traceId", "4bf92f3577b34da6a3ce929d0e0e4736");
            MDC.put("orderId", "ord_01a2042e-36c3-7d81-babe-7e024484c768");
            LoggerFactory.getLogger(StructuredLogsTest.class).warn(HOSTILE, new IllegalStateException(HOSTILE));
        } finally {
            MDC.clear();
        }
        return Files.readAllLines(file);
    }
}
