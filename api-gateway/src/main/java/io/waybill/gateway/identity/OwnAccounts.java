package io.waybill.gateway.identity;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.zaxxer.hikari.HikariDataSource;
import io.waybill.kernel.EmailAddress;
import io.waybill.security.SecuritySettings;
import io.waybill.security.TokenRules;
import io.waybill.security.VerifiedTokens;
import java.nio.file.Path;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.jdbc.DataSourceProperties;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.publisher.Mono;

/** Accounts and tokens of our own, unless an external provider is named. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnExpression(OwnAccounts.CONDITION)
@EnableConfigurationProperties({IdentitySettings.class, DataSourceProperties.class})
@EnableScheduling
class OwnAccounts {

    static final String CONDITION = "'${waybill.security.issuer-uri:}' == ''";

    @Bean
    @ConfigurationProperties("spring.datasource.hikari")
    HikariDataSource accountsDatabase(DataSourceProperties properties) {
        return properties
                .initializeDataSourceBuilder()
                .type(HikariDataSource.class)
                .build();
    }

    @Bean
    Users users(HikariDataSource database) {
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/gateway")
                .load()
                .migrate();
        return new Users(JdbcClient.create(database));
    }

    @Bean
    Passwords passwords() {
        return new Passwords(UUID.randomUUID().toString());
    }

    /** Few threads, because each hash fills memory; a queue, because people come at once; no more than that. */
    @Bean(destroyMethod = "shutdownNow")
    ThreadPoolExecutor accountThreads(IdentitySettings settings) {
        var threads = new ThreadPoolExecutor(
                settings.hashing(),
                settings.hashing(),
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(settings.waiting()),
                Thread.ofPlatform().name("accounts-", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    @Bean
    Accounts accounts(Users users, Passwords passwords, ThreadPoolExecutor accountThreads) {
        return new Accounts(users, passwords, accountThreads);
    }

    @Bean
    OperatorAccount operatorAccount(
            Users users,
            Passwords passwords,
            IdentitySettings settings,
            @Value("${waybill.operator.password:}") String password,
            @Value("${waybill.data-folder}") Path folder) {
        return new OperatorAccount(users, passwords, EmailAddress.of(settings.operatorEmail()), password, folder);
    }

    @Bean
    SigningKeys signingKeys(IdentitySettings settings, @Value("${waybill.data-folder}") Path folder) {
        var file = settings.keyFile() == null ? folder.resolve("keys.json") : settings.keyFile();
        return new SigningKeys(new KeyFile(file), settings, Clock.systemUTC());
    }

    @Bean
    SchedulingConfigurer keyWatch(SigningKeys keys, IdentitySettings settings) {
        return tasks -> tasks.addFixedDelayTask(keys::look, settings.keyCheck());
    }

    @Bean
    Tokens tokens(SigningKeys keys, SecuritySettings security, IdentitySettings settings) {
        return new Tokens(keys, security, settings, Clock.systemUTC());
    }

    /** Verifying takes a fraction of a millisecond, once for each token, and waits for nothing: the keys are here. */
    @Bean
    ReactiveJwtDecoder jwtDecoder(SigningKeys keys, SecuritySettings security) {
        JWKSource<SecurityContext> source = (selector, context) -> selector.select(keys.published());
        var decoder = new VerifiedTokens(
                TokenRules.ownTokens(source, security), TokenRules.claims(security), keys::published);
        return token -> Mono.fromCallable(() -> decoder.decode(token));
    }
}
