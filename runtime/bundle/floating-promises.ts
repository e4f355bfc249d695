import type ts from 'typescript';

type TypeScript = typeof ts;

/**
 * Statements that make a promise and drop it, such as `sleep(1);` for `await sleep(1);`. Assigned, awaited and `void` ones are meant.
 * @param typescript - the module the program was made with
 */
export function floatingPromises(typescript: TypeScript, program: ts.Program, file: ts.SourceFile): ts.Expression[] {
  const checker = program.getTypeChecker();
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (
      typescript.isExpressionStatement(node) &&
      !isMeant(typescript, node.expression) &&
      mayBePromise(checker, checker.getTypeAtLocation(node.expression))
    ) {
      found.push(node.expression);
    }
    typescript.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isMeant(typescript: TypeScript, expression: ts.Expression): boolean {
  if (typescript.isVoidExpression(expression)) return true;
  if (!typescript.isBinaryExpression(expression)) return false;
  const kind = expression.operatorToken.kind;
  return kind >= typescript.SyntaxKind.FirstAssignment && kind <= typescript.SyntaxKind.LastAssignment;
}

function mayBePromise(checker: ts.TypeChecker, type: ts.Type): boolean {
  if (type.isUnion()) return type.types.some((each) => mayBePromise(checker, each));
  const then = type.getProperty('then'); // `any` has no properties
  return then !== undefined && checker.getTypeOfSymbol(then).getCallSignatures().length > 0;
}
