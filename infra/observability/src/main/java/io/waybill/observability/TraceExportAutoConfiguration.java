package io.waybill.observability;

import org.springframework.boot.actuate.autoconfigure.tracing.otlp.OtlpHttpSpanExporterBuilderCustomizer;
import org.springframework.boot.actuate.autoconfigure.tracing.otlp.OtlpTracingAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** How Spring Boot's exporter sends spans, where {@code management.otlp.tracing.endpoint} says to whom. */
@AutoConfiguration(before = OtlpTracingAutoConfiguration.class)
public class TraceExportAutoConfiguration {

    /** What a collector does not take at once is given up, so that one that is away delays no shutdown. */
    @Bean
    OtlpHttpSpanExporterBuilderCustomizer sendOnce() {
        return builder -> builder.setRetryPolicy(null);
    }
}
