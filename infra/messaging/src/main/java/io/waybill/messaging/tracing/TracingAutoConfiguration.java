package io.waybill.messaging.tracing;

import io.micrometer.observation.ObservationFilter;
import io.micrometer.observation.ObservationPredicate;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.waybill.messaging.MessageCatalogue;
import io.waybill.observability.WatchedExporter;
import javax.sql.DataSource;
import org.axonframework.messaging.correlation.CorrelationDataProvider;
import org.axonframework.messaging.correlation.MessageOriginProvider;
import org.axonframework.springboot.autoconfig.AxonAutoConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.tracing.MicrometerTracingAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.tracing.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.tracing.SpanExporters;
import org.springframework.boot.actuate.autoconfigure.tracing.TracingProperties;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcProperties;
import org.springframework.boot.autoconfigure.jdbc.JdbcTemplateAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionExecutionListener;

/**
 * Adds to Spring Boot's tracing what an order needs. Tracing is on where spans can be exported, that is with
 * {@code management.otlp.tracing.endpoint}; elsewhere requests still have an id each, and nothing else is done.
 */
@AutoConfiguration(
        after = DataSourceAutoConfiguration.class,
        before = {
            AxonAutoConfiguration.class,
            JdbcTemplateAutoConfiguration.class,
            OpenTelemetryTracingAutoConfiguration.class,
            MicrometerTracingAutoConfiguration.class
        })
@ConditionalOnBean(MessageCatalogue.class)
@EnableConfigurationProperties({TracingProperties.class, JdbcProperties.class, TraceLinks.class})
@Import(ProblemTrace.class)
public class TracingAutoConfiguration {

    @Bean
    Tracing tracing(
            ObjectProvider<OpenTelemetry> telemetry,
            ObjectProvider<SpanExporter> exporters,
            MessageCatalogue catalogue) {
        OpenTelemetry exported = exporters.stream().findAny().isPresent() ? telemetry.getIfAvailable() : null;
        return exported == null ? Tracing.off() : Tracing.with(exported.getTracer("io.waybill"), catalogue);
    }

    @Bean
    Sampler sampler(TracingProperties properties, ObjectProvider<SpanExporter> exporters) {
        if (exporters.stream().findAny().isEmpty()) {
            return Sampler.alwaysOff();
        }
        double probability = properties.getSampling().getProbability();
        return Sampler.parentBased(new LinkSampler(Sampler.traceIdRatioBased(probability)));
    }

    @Bean
    SpanProcessor orderIdProcessor() {
        return new OrderIdProcessor();
    }

    @Bean
    SpanExporters watchedExporters(ObjectProvider<SpanExporter> exporters) {
        return SpanExporters.of(exporters
                .orderedStream()
                .<SpanExporter>map(WatchedExporter::new)
                .toList());
    }

    @Bean
    @Order(MicrometerTracingAutoConfiguration.RECEIVER_TRACING_OBSERVATION_HANDLER_ORDER)
    PropagatingReceiverTracingObservationHandler<?> requestTracing(Tracer tracer, Propagator propagator) {
        return new RequestTracing.Requests(tracer, propagator);
    }

    @Bean
    @Order(MicrometerTracingAutoConfiguration.DEFAULT_TRACING_OBSERVATION_HANDLER_ORDER)
    DefaultTracingObservationHandler otherTracing(Tracer tracer) {
        return new RequestTracing.Others(tracer);
    }

    /** Behind Spring Boot's filter that begins the span of a request, and before all others. */
    @Bean
    FilterRegistrationBean<RequestId> requestId() {
        FilterRegistrationBean<RequestId> registration = new FilterRegistrationBean<>(new RequestId());
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 2);
        return registration;
    }

    /** Who asks whether we live is no customer. */
    @Bean
    ObservationPredicate unobservedProbes() {
        return (name, context) -> !(context instanceof ServerRequestObservationContext request)
                || !request.getCarrier().getRequestURI().startsWith("/actuator");
    }

    /** A path may hold whatever somebody typed; its route, the span's name, says what was asked. */
    @Bean
    ObservationFilter requestsWithoutPaths() {
        return request -> request.removeHighCardinalityKeyValue("http.url");
    }

    /** Axon's own, which steps back where there is another provider. */
    @Bean
    CorrelationDataProvider messageOriginProvider() {
        return new MessageOriginProvider();
    }

    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    CorrelationDataProvider traceMetadata(Tracing tracing) {
        return new TraceMetadata(tracing);
    }

    @Bean
    @Primary
    JdbcTemplate jdbcTemplate(DataSource dataSource, JdbcProperties properties, Tracing tracing) {
        JdbcTemplate template = new TracedJdbcTemplate(dataSource, tracing);
        template.setFetchSize(properties.getTemplate().getFetchSize());
        template.setMaxRows(properties.getTemplate().getMaxRows());
        if (properties.getTemplate().getQueryTimeout() != null) {
            template.setQueryTimeout(
                    (int) properties.getTemplate().getQueryTimeout().toSeconds());
        }
        return template;
    }

    @Bean
    TransactionExecutionListener tracedTransactions(Tracing tracing) {
        return new TracedTransactions(tracing);
    }
}
