package io.waybill.gateway.tracing;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What an operator may set beside Spring Boot's settings of tracing.
 *
 * @param clientDecides whether a client's {@code traceparent} says if its request is recorded; otherwise its trace goes
 *     on, but the gateway draws, because recording costs, and anybody could ask for it
 */
@ConfigurationProperties("waybill.gateway.tracing")
record TracingSettings(@DefaultValue("false") boolean clientDecides) {}
