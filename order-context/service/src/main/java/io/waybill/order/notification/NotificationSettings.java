package io.waybill.order.notification;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who writes to the customers.
 *
 * @param from the sender of all mails
 */
@ConfigurationProperties("waybill.order.notification")
record NotificationSettings(
        @DefaultValue("orders@waybill.local") String from) {}
