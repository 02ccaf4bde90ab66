package io.waybill.order.fulfilment;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How patient a fulfilment is.
 *
 * @param firstWait how long the first answer may take before the command is sent again; doubles with every silence
 * @param maxWait the longest it waits for one answer
 * @param patience how many times a command is sent again unanswered before the fulfilment walks back
 * @param compensationRetries how many times a refused compensation is tried again before an operator must look
 */
@ConfigurationProperties("waybill.fulfilment")
record FulfilmentSettings(
        @DefaultValue("5s") Duration firstWait,
        @DefaultValue("5m") Duration maxWait,
        @DefaultValue("8") int patience,
        @DefaultValue("3") int compensationRetries) {

    private static final int MOST_DOUBLINGS = 30;

    FulfilmentSettings {
        if (firstWait.isNegative() || firstWait.isZero() || maxWait.compareTo(firstWait) < 0) {
            throw new IllegalArgumentException("waybill.fulfilment.first-wait is positive and at most max-wait");
        }
        if (patience < 0 || compensationRetries < 0) {
            throw new IllegalArgumentException("waybill.fulfilment.patience and compensation-retries are at least 0");
        }
    }

    /** How long to wait after so many silences or refusals. */
    Duration waitAfter(int disappointments) {
        Duration doubled = firstWait.multipliedBy(1L << Math.min(disappointments, MOST_DOUBLINGS));
        return doubled.compareTo(maxWait) < 0 ? doubled : maxWait;
    }
}
