// Microsoft's own language service over pipeline files: prints one JSON line a file, [path, [[line, message], ...]].
const [modules, schemaPath, ...files] = process.argv.slice(2);
const service = require(modules + '/azure-pipelines-language-service');
const fs = require('fs');
const schema = JSON.parse(fs.readFileSync(schemaPath, 'utf8'));
const log = console.log;
console.log = () => {};
(async () => {
  const context = { resolveRelativePath: (_, path) => path };
  const pipelines = service.getLanguageService(async () => schema, [], async () => 'file:///schema.json', context);
  pipelines.configure({ validate: true, schemas: [{ fileMatch: ['*'], schema, uri: 'file:///schema.json' }] });
  for (const file of files) {
    const text = fs.readFileSync(file, 'utf8');
    const document = service.TextDocument.create('file:///' + file, 'azure-pipelines', 1, text);
    const faults = await pipelines.doValidation(document, service.parse(text));
    log(JSON.stringify([file, faults.map(fault => [fault.range.start.line + 1, fault.message])]));
  }
})().catch(error => { console.error(error); process.exit(1); });
