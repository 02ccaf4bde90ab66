package io.waybill.gateway.tracing;

import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.waybill.observability.WatchedExporter;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.tracing.TracingProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Takes from Spring Boot what sends spans and its settings, and not what makes them: its observations would be begun
 * for every request, whether it is recorded or not. Tracing is on where spans can be exported, that is with
 * {@code management.otlp.tracing.endpoint}; elsewhere each answer still has an id.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({TracingProperties.class, TracingSettings.class})
class TracingConfiguration {

    @Bean
    RequestTracing requestTracing(
            ObjectProvider<SpanExporter> exporters,
            TracingProperties settings,
            TracingSettings own,
            Resource resource) {
        var all = exporters.orderedStream().toList();
        if (all.isEmpty()) {
            return RequestTracing.off();
        }
        return RequestTracing.with(SdkTracerProvider.builder()
                .setResource(resource)
                .setSampler(sampler(new Chance(settings.getSampling().getProbability()), own.clientDecides()))
                .addSpanProcessor(inBatches(
                        SpanExporter.composite(all), settings.getOpentelemetry().getExport()))
                .build());
    }

    private static Sampler sampler(Sampler draws, boolean clientDecides) {
        return clientDecides
                ? Sampler.parentBased(draws)
                : Sampler.parentBasedBuilder(draws)
                        .setRemoteParentSampled(draws)
                        .setRemoteParentNotSampled(draws)
                        .build();
    }

    private static SpanProcessor inBatches(SpanExporter exporter, TracingProperties.OpenTelemetry.Export settings) {
        return BatchSpanProcessor.builder(new WatchedExporter(exporter))
                .setExporterTimeout(settings.getTimeout())
                .setMaxExportBatchSize(settings.getMaxBatchSize())
                .setMaxQueueSize(settings.getMaxQueueSize())
                .setScheduleDelay(settings.getScheduleDelay())
                .build();
    }
}
