package io.flowsentinel.deployment;

import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;

/** What other files repeat of {@code pom.xml}. */
final class Pom {

    private Pom() {}

    /** @param path such as {@code properties/flink.version} */
    static String value(String path) throws Exception {
        Document pom = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Path.of("pom.xml").toFile());
        return XPathFactory.newInstance().newXPath().evaluate("/project/" + path, pom);
    }
}
