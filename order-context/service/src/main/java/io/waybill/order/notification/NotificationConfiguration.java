package io.waybill.order.notification;

import java.nio.file.Path;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mail.javamail.JavaMailSender;

/** Mail goes to the server that {@code spring.mail.host} names, or into the data folder where none is named. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(NotificationSettings.class)
class NotificationConfiguration {

    @Bean
    Mailbox mailbox(
            NotificationSettings settings,
            ObjectProvider<JavaMailSender> server,
            @Value("${spring.mail.host:}") String host,
            @Value("${waybill.data-folder}") Path dataFolder) {
        Mails mails = new Mails(settings);
        return host.isBlank()
                ? new FolderMailbox(dataFolder.resolve("mail"), mails)
                : new SmtpMailbox(server.getObject(), mails);
    }
}
