import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Checks or lays out every Java source file below a folder. The root pom runs it as a source file on the toolchain's
 * JDK: the formatter parses with its JDK's own compiler, and the JDK of Maven may be too old for the syntax.
 */
class FormatSources {

    private static final Set<String> SKIPPED = Set.of("target", ".git", "node_modules");
    private static final Formatter FORMATTER = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .formatJavadoc(true)
            .build());

    public static void main(String[] arguments) throws IOException {
        boolean apply = arguments[0].equals("apply");
        List<Path> unformatted = sourcesBelow(Path.of(arguments[1])).parallelStream()
                .filter(source -> !isFormatted(source, apply))
                .sorted()
                .toList();
        unformatted.forEach(source -> System.out.println((apply ? "formatted " : "not formatted: ") + source));
        if (!apply && !unformatted.isEmpty()) {
            System.out.println("Lay them out with: mvn -N verify -Dwaybill.format=apply");
            System.exit(1);
        }
    }

    private static List<Path> sourcesBelow(Path folder) throws IOException {
        List<Path> sources = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return SKIPPED.contains(directory.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.getFileName().toString().endsWith(".java")) {
                    sources.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return sources;
    }

    private static boolean isFormatted(Path source, boolean apply) {
        try {
            String written = Files.readString(source);
            String formatted = FORMATTER.formatSourceAndFixImports(written);
            if (apply && !formatted.equals(written)) {
                Files.writeString(source, formatted);
            }
            return formatted.equals(written);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (FormatterException e) {
            throw new IllegalStateException(source + ": " + e.getMessage(), e);
        }
    }
}
