package io.waybill.order.notification;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who writes to whom, until customers have accounts with an address.
 *
 * @param from the sender of all mails
 * @param to the customer
 */
@ConfigurationProperties("waybill.order.notification")
record NotificationSettings(
        @DefaultValue("orders@waybill.local") String from,
        @DefaultValue("customer@waybill.local") String to) {}
